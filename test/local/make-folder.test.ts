import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../local/make-folder.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();
const below = (...names: string[]) => join(folder, ...names);

it('makes a folder with those above it, and takes one that is there', () => {
  makeFolder(below('a', 'b', 'c'));
  makeFolder(below('a', 'b', 'c'));
  expect(existsSync(below('a', 'b', 'c'))).toBe(true);
});

it('takes a link to a folder for one', () => {
  mkdirSync(below('target'));
  symlinkSync(below('target'), below('link'));
  makeFolder(below('link', 'inside'));
  expect(existsSync(below('target', 'inside'))).toBe(true);
});

it('says what is in the way', () => {
  writeFileSync(below('file'), '');
  for (const wanted of [below('file'), below('file', 'a')]) {
    expect(() => makeFolder(wanted)).toThrow(
      `EEXIST: file already exists, mkdir '${below('file')}'`,
    );
  }
  symlinkSync(below('nowhere'), below('lost'));
  expect(() => makeFolder(below('lost'))).toThrow('EEXIST');
});

it.runIf(existsSync('/proc'))('ends where a system has no new folders', () => {
  expect(() => makeFolder('/proc/nothing/data')).toThrow(
    "ENOENT: no such file or directory, mkdir '/proc/nothing'",
  );
});
