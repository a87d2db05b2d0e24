import { createWriteStream, fstatSync } from 'node:fs';

/** Writes all of a text: done when there is room for more. @throws the system's error */
export type Write = (text: string) => Promise<void>;

const STDOUT = 1;

/**
 * Writes to stdout what must not be lost, from `start` on where that is a file. Into one on a disk
 * that becomes full, `process.stdout` writes what there is room for, and says that this was all.
 */
export function wholeStdout(start?: number): Write {
  const stream = fstatSync(STDOUT).isFile()
    ? createWriteStream('', { fd: STDOUT, start, autoClose: false })
    : process.stdout;
  stream.on('error', () => {}); // whoever has written is told
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
}
