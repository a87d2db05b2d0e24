import type { Readable } from 'node:stream';
import { oneLine } from '../aws/one-line.ts';

/**
 * Tells each line that a function writes. Node's readline would also end one at U+2028 and U+2029.
 */
export function readLogLines(stream: Readable, log: (line: string) => void): void {
  let begun = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    begun += first;
    for (const next of others) {
      log(oneLine(begun.replace(/\r$/, '')));
      begun = next;
    }
  });
  stream.on('end', () => {
    if (begun !== '') log(oneLine(begun));
  });
}
