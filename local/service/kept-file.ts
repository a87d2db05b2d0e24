import { readFileSync } from 'node:fs';
import { MachineError } from '../machine-error.ts';
import { isFileThere } from '../regular-file.ts';

/** How everything begins that is kept in a file of the data folder, by the file's name. */
export const KEPT_AS = { demoKey: 'oa_', demo: '{"keys":' } as const;

/**
 * What an earlier start has kept in a file; `undefined` when there is nothing in it, as after a
 * power cut, which leaves NULs. Else the file is somebody's own, and is not to be written over.
 *
 * @throws {MachineError} when it does not begin as what is kept; never with what is in it
 */
export function readKept(path: string, beginning: string): string | undefined {
  if (!isFileThere(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  if (/^[\s\0]*$/.test(text)) return undefined;
  if (text.startsWith(beginning)) return text;
  throw new MachineError(`${path} holds something else than is kept there: move it away.`);
}
