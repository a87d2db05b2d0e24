import { execFileSync } from 'node:child_process';

/**
 * What git answers about this checkout, without the end of the line.
 *
 * @throws when it refuses; `stderr` has what it said
 */
export function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
