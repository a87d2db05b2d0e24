import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Under which conditions a benchmark ran. */
export interface Conditions {
  date: string;
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
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: `${cpus().length} cores (${cpu?.model.trim()}), ${memoryGiB} GiB, ${process.platform}`,
    node: process.version,
    postgres,
  };
}

/** Keeps a benchmark's figures with their conditions; answers the file's name. */
export function saveResults(name: string, at: Conditions, figures: unknown): string {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = `${at.date}-${at.commit}-${name}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify({ ...at, figures }, null, 2)}\n`);
  return `bench/results/${file}`;
}
