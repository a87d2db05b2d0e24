import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const PROJECT = path.join(import.meta.dirname, '../..');

/**
 * The code of the function in `functions/<folder>`: one file, `index.cjs`, with everything it needs
 * inside (the AWS SDK as well, so that the version tested is the version deployed), and its source
 * map. The same sources give the same asset, wherever the project and the output lie.
 */
export function functionCode(folder: string): Code {
  return Code.fromAsset(path.join(PROJECT, 'functions', folder), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type; `local` does the work.
      image: DockerImage.fromRegistry('docker-is-not-used'),
      local: {
        tryBundle(outputDir) {
          const link = '//# sourceMappingURL=index.cjs.map\n';
          writeFileSync(path.join(outputDir, 'index.cjs'), `${bundled(`${folder}.js`)}${link}`);
          writeFileSync(path.join(outputDir, 'index.cjs.map'), bundled(`${folder}.js.map`));
          return true;
        },
      },
    },
  });
}

let bundles: ReadonlyMap<string, string> | undefined;

/** A file of the bundles, which are made once in a process, however many stages it synthesizes. */
function bundled(file: string): string {
  bundles ??= bundleAll();
  const text = bundles.get(file);
  if (text === undefined) throw new Error(`esbuild has made no ${file} of functions/*/handler.ts.`);
  return text;
}

/** `FOLDER.js` and `FOLDER.js.map` of each. At once: what several import is parsed once. */
function bundleAll(): Map<string, string> {
  const handlers = globSync('functions/*/handler.ts', { cwd: PROJECT });
  const { outputFiles } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: handlers.map((file) => ({ in: file, out: path.basename(path.dirname(file)) })),
    // Not below an asset's folder: the source map names sources from here, and is hashed.
    outdir: '.',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    // An ES module that imports `node:http` loads all that it exports, WebSocket and `fetch` too: a
    // fifth of the time that a cold start takes for the whole.
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': './functions/shared/lambda-credentials.ts',
      '@smithy/core/event-streams': './functions/shared/no-event-streams.ts',
    },
    // Errors have their names as text, and the source map has those of functions.
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
}
