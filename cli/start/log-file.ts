import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { isDiskFull } from '../../local/postgres/disk-full.ts';
import { toError } from '../caught.ts';
import { counted } from '../counted.ts';

/**
 * Appends lines to a file that only its owner may read. What cannot be written, as on a full disk,
 * is left out: it is said once, and again with the number of lines when there is room.
 */
export function logFile(path: string, say: (line: string) => void): (line: string) => void {
  let lost = 0;
  return (line) => {
    try {
      append(path, `${line}\n`);
    } catch (error) {
      if (lost === 0)
        say(`${path} cannot be written: ${describe(error)}. Lines are lost until it can`);
      lost += 1;
      return;
    }
    if (lost > 0) say(`${path} can be written again; ${counted(lost, 'line')} lost`);
    lost = 0;
  };
}

function append(path: string, text: string): void {
  const file = openSync(path, 'a', 0o600);
  try {
    const { size } = fstatSync(file);
    try {
      writeFileSync(file, text);
    } catch (error) {
      // Else the next line would go on from a part of this one.
      if (fstatSync(file).size > size) ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

const describe = (error: unknown) =>
  isDiskFull(error) ? 'the disk is full' : toError(error).message;
