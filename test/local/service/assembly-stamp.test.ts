import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STAMP, stampOf } from '../../../local/service/assembly-stamp.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder();

it('stamps an assembly by its sources and by all of its files', () => {
  const bundle = join(folder, 'asset.1/index.cjs');
  mkdirSync(join(folder, 'asset.1'));
  writeFileSync(bundle, 'whole');
  const stamp = stampOf(folder, 'sources');
  writeFileSync(join(folder, STAMP), stamp);
  expect(stampOf(folder, 'sources')).toBe(stamp);
  expect(stampOf(folder, 'other sources')).not.toBe(stamp);
  for (const damaged of ['', '\0'.repeat(5)]) {
    writeFileSync(bundle, damaged);
    expect(stampOf(folder, 'sources')).not.toBe(stamp);
  }
  rmSync(bundle);
  expect(stampOf(folder, 'sources')).not.toBe(stamp);
});
