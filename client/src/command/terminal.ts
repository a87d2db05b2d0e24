import { fstatSync, writeFileSync } from 'node:fs';

const STDOUT = 1;

/**
 * Calls back once nobody reads any more what is printed, as after `| head`. What cannot be printed
 * for another reason, as on a full disk, is lost; neither ends the process.
 */
export function whenUnread(tell: () => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (isUnread(error)) tell();
    });
  }
}

/**
 * Prints all of a text. Into a file, `process.stdout` may write a part and say that this was all.
 *
 * @throws the system's error, but not when nobody reads it
 */
export async function print(text: string): Promise<void> {
  if (fstatSync(STDOUT).isFile()) return writeFileSync(STDOUT, text);
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error && !isUnread(error) ? reject(error) : resolve()));
  });
}

const isUnread = ({ code }: NodeJS.ErrnoException) => code === 'EPIPE' || code === 'EIO';
