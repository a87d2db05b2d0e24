import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { makePrivateFile, writePrivately } from '../../../local/service/private-file.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('writePrivately', () => {
  const folder = temporaryFolder();

  it('leaves no copy of what it could not put in its place', () => {
    const path = join(folder, 'demo-key');
    mkdirSync(path);
    expect(() => writePrivately(path, 'a key')).toThrow(/EISDIR/);
    expect(readdirSync(folder)).toEqual(['demo-key']);
  });
});

describe('makePrivateFile', () => {
  const folder = temporaryFolder();

  it('says so where a named pipe is, which it would wait for, or a folder', () => {
    const [pipe, inside] = [join(folder, 'pipe'), join(folder, 'inside')];
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', pipe]);
    const reader = openSync(pipe, 'r+'); // else this would wait if that did
    mkdirSync(inside);
    for (const path of [pipe, inside]) {
      const refusal = new MachineError(`${path} is no regular file: move it away.`);
      expect(() => makePrivateFile(path)).toThrow(refusal);
    }
    closeSync(reader);
  });
});
