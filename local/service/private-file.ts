import { chmodSync, closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../make-folder.ts';
import { isFileThere } from '../regular-file.ts';

/** Writes a file that this account alone may read. Readers find the whole of it or none. */
export function writePrivately(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}`;
  rmSync(unfinished, { force: true });
  try {
    writeFileSync(unfinished, content, { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true }); // a copy of a key, perhaps
    throw error;
  }
}

/** Makes a folder that this account alone may enter, also of one that is there. */
export function makePrivateFolder(folder: string): void {
  makeFolder(folder);
  chmodSync(folder, 0o700);
}

/**
 * Makes a file that this account alone may read, for what is added to it;
 * also of one that is there.
 *
 * @throws {MachineError} when something else than a file is there
 */
export function makePrivateFile(path: string): void {
  isFileThere(path);
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
