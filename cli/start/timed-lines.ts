import { withoutSecrets } from '../keys/pasted.ts';

/**
 * Prints lines with the seconds since it was made. What a request has in its address is among them:
 * also a key that somebody has pasted there.
 */
export function timedLines(print: (line: string) => void): (line: string) => void {
  const startedAt = performance.now();
  return (line) => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${withoutSecrets(line)}`);
  };
}
