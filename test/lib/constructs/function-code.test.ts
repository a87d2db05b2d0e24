import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { functionCode } from '../../../lib/constructs/function-code.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const FUNCTIONS = path.join(import.meta.dirname, '../../../functions');
const folders = readdirSync(FUNCTIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => name);

/**
 * How large a bundle may be, in KB of 1,000 bytes: some 8 % more than it is. What a function
 * imports is loaded at each of its cold starts.
 */
const BUDGETS_KB: Readonly<Record<string, number>> = {
  actions: 480,
  admin: 570,
  amend: 420,
  authorize: 385,
  keys: 475,
  migrate: 490,
  nightly: 445,
  openapi: 195,
  orders: 420,
  'rotate-secret': 435,
  sellers: 465,
  stats: 400,
  upload: 450,
};

/** The folders of the cloud assembly where the functions' code lies, named by its hash. */
function bundleAll(outdir: string, codeOf = functionCode): Map<string, string> {
  const app = createApp({ outdir });
  return new Map(
    folders.map((folder) => {
      const { s3Location } = codeOf(folder).bind(new Stack(app, folder));
      return [folder, `asset.${path.basename(s3Location?.objectKey ?? '', '.zip')}`];
    }),
  );
}

describe('functionCode', () => {
  const outdir = temporaryFolder();
  const otherOutdir = path.join(temporaryFolder(), 'deeper/down');
  let assets: Map<string, string>;
  beforeAll(() => {
    assets = bundleAll(outdir);
  });

  function assetFile(folder: string, name: string): string {
    return path.join(outdir, assets.get(folder) ?? '', name);
  }

  it.each(folders)('bundles all that %s imports but Node itself', (folder) => {
    const { metafile } = buildSync({
      entryPoints: [assetFile(folder, 'index.cjs')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter(({ path }) => !isBuiltin(path))).toEqual([]);
  });

  it.each(
    folders,
  )('gives a module that loads on its own and exports the handler of %s', (folder) => {
    const script = `console.log(typeof require(process.argv[1]).handler)`;
    const output = execFileSync(process.execPath, ['-e', script, assetFile(folder, 'index.cjs')], {
      encoding: 'utf8',
      env: {
        AWS_REGION: 'us-east-1',
        DATABASE_RESOURCE_ARN: 'arn:cluster',
        DATABASE_SECRET_ARN: 'arn:secret',
        DATABASE_NAME: 'order_analytics',
        ROLE_SECRET_ARNS: 'arn:one arn:two',
        EVENT_BUS_NAME: 'bus',
        KEEP_VERSIONS_DAYS: '400',
        KEY_ENVIRONMENT: 'test',
        NIGHTLY_AT: '00:15',
        CANCELLED_STATUSES: '[]',
        UPLOADS_END_WITHIN_S: '89',
      },
    });
    expect(output).toBe('function\n');
  });

  it.each(folders)('keeps the bundle of %s within its size', (folder) => {
    const { size } = statSync(assetFile(folder, 'index.cjs'));
    expect(size / 1_000).toBeLessThanOrEqual(BUDGETS_KB[folder] ?? 0);
  });

  it.each(
    folders,
  )('bundles nothing of the SDK for %s that Lambda has not or nobody calls', (folder) => {
    const { sources } = JSON.parse(readFileSync(assetFile(folder, 'index.cjs.map'), 'utf8'));
    expect(
      sources.filter((source: string) =>
        /credential-provider-(?!env)|token-providers|smithy.*event-?stream/.test(source),
      ),
    ).toEqual([]);
  });

  it.each(folders)('maps %s to its sources by their paths in the project', (folder) => {
    const map = JSON.parse(readFileSync(assetFile(folder, 'index.cjs.map'), 'utf8'));
    expect(map.sources).toContain(`functions/${folder}/handler.ts`);
    expect(map.sources.filter((source: string) => /^(\/|\.\.)/.test(source))).toEqual([]);
  });

  it('gives the same asset whatever folder the output goes to', async () => {
    vi.resetModules(); // a process keeps what it has bundled
    const anew = await import('../../../lib/constructs/function-code.ts');
    expect(bundleAll(otherOutdir, anew.functionCode)).toEqual(assets);
  });
});
