import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** The shell that waits to end a process. @throws when there is none */
export function guardOf(pid: number): number {
  const guards = readdirSync('/proc').filter((name) => {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return command.endsWith(`\0INT\0${pid}\0`) || command.endsWith(`\0KILL\0${pid}\0`);
    } catch {
      return false; // no process, or one that has ended meanwhile
    }
  });
  expect(guards).toHaveLength(1);
  return Number(guards[0]);
}
