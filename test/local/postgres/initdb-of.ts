import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** The process that makes a data folder, once it has begun to write. @throws when there is none */
export function initdbOf(dataDir: string): number {
  const unfinished = join(realpathSync(dataDir), 'pgdata.unfinished');
  expect(existsSync(join(unfinished, 'PG_VERSION'))).toBe(true);
  const found = readdirSync('/proc').find((name) => {
    try {
      const [program = '', ...args] = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return program.endsWith('/initdb') && args.includes(`--pgdata=${unfinished}`);
    } catch {
      return false; // no process, or one that has ended meanwhile
    }
  });
  expect(found).toBeDefined();
  return Number(found);
}
