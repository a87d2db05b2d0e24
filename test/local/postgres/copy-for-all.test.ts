import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { copyForAll, removeParts } from '../../../local/postgres/copy-for-all.ts';
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

it.runIf(process.platform === 'linux')('leaves nothing where it fails', () => {
  const from = join(folder, 'deep');
  const to = join(folder, 'long'.repeat(60), 'copy'); // where the last of them has too long a path
  mkdirSync(join(from, ...Array(19).fill('d'.repeat(200))), { recursive: true });
  mkdirSync(dirname(to));
  expect(() => copyForAll(from, to)).toThrow('ENAMETOOLONG');
  expect(readdirSync(dirname(to))).toEqual([]);
});

it('is rid of what killed ones have left, and of nothing else', () => {
  const place = join(folder, 'place');
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const left = [
    `postgres-18.4.0-beta.17.${randomUUID()}`,
    `postgres-18.4.0.${randomUUID()}.${gone}`,
    `postgres-18.4.0.${randomUUID()}.${process.pid}`,
  ];
  const others = [
    'postgres-18.4.0-beta.17',
    `postgres-18.4.0-beta.17.${randomUUID()}.${process.ppid}`,
    `postgres-${randomUUID()}`, // data
  ];
  for (const name of [...left, ...others]) mkdirSync(join(place, name, 'bin'), { recursive: true });
  removeParts(place);
  expect(readdirSync(place).toSorted()).toEqual(others.toSorted());
});
