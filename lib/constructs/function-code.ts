import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type OutputFile } from 'esbuild';

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
          for (const { path: file, contents } of bundle(folder)) {
            writeFileSync(path.join(outputDir, path.basename(file)), contents);
          }
          return true;
        },
      },
    },
  });
}

const bundles = new Map<string, readonly OutputFile[]>();

/** Made once in a process, however many apps and stages it synthesizes. */
function bundle(folder: string): readonly OutputFile[] {
  const made = bundles.get(folder);
  if (made) return made;
  const { outputFiles } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: [`functions/${folder}/handler.ts`],
    // Not below `outputDir`: the source map names sources from here, and is hashed.
    outfile: 'index.cjs',
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
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  bundles.set(folder, outputFiles);
  return outputFiles;
}
