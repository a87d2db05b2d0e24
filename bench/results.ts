import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { git } from './git.ts';

/** Under which conditions a benchmark ran. */
export interface Conditions {
  date: string;
  /** With `-dirty` when the working tree differed from it. */
  commit: string;
  machine: string;
  node: string;
  postgres: string;
}

/** @param postgres the server's version, as `SHOW server_version` says it */
export function conditions(postgres: string): Conditions {
  const [cpu] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('describe', '--always', '--dirty', '--exclude=*'),
    machine: `${cpus().length} cores (${cpu?.model.trim()}), ${memoryGiB} GiB, ${process.platform}`,
    node: process.version,
    postgres,
  };
}

/** Keeps what a benchmark found with its conditions; answers the file's name. */
export function saveResults(name: string, at: Conditions, found: object): string {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = `${at.date}-${at.commit}-${name}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify({ ...at, ...found }, null, 2)}\n`);
  return `bench/results/${file}`;
}
