import { statSync } from 'node:fs';
import { MachineError } from './machine-error.ts';

/**
 * Whether there is a file. Who opens a named pipe in its place would wait for ever.
 *
 * @throws {MachineError} when something else is there, also behind a link
 */
export function isFileThere(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return false;
  if (found.isFile()) return true;
  throw new MachineError(`${path} is no regular file: move it away.`);
}
