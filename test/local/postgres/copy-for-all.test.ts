import { chmodSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyForAll } from '../../../local/postgres/copy-for-all.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder();

it('is for every user what its owner had installed for nobody else', () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  mkdirSync(join(from, 'bin'), { recursive: true });
  writeFileSync(join(from, 'bin/program'), '');
  writeFileSync(join(from, 'text'), '');
  symlinkSync('text', join(from, 'link'));
  // As under umask 077.
  for (const path of ['', 'bin', 'bin/program']) chmodSync(join(from, path), 0o700);
  chmodSync(join(from, 'text'), 0o600);
  copyForAll(from, to);
  const modes = ['', 'bin', 'bin/program', 'text'].map(
    (path) => lstatSync(join(to, path)).mode & 0o777,
  );
  expect(modes).toEqual([0o755, 0o755, 0o755, 0o644]);
  expect(readlinkSync(join(to, 'link'))).toBe('text');
});
