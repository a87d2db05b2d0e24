import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs';

/** Adds to a file, which is made where there is none, all of `data` or nothing of it. */
export function appendWhole(path: string, data: string | Buffer): void {
  const sizeBytes = existsSync(path) ? statSync(path).size : 0;
  try {
    appendFileSync(path, data);
  } catch (error) {
    // Else what is added when a disk has room again would go on from a part of this.
    if (existsSync(path) && statSync(path).size > sizeBytes) truncateSync(path, sizeBytes);
    throw error;
  }
}
