import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** What a data folder's `postmaster.pid` says; `undefined` when there is none. */
export interface Postmaster {
  readonly pid: number;
  /** `starting`, `ready`, `stopping` … */
  readonly status: string;
}

/** @see https://www.postgresql.org/docs/18/storage-file-layout.html */
export function findPostmaster(dataDir: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' };
  } catch {
    return undefined;
  }
}

/**
 * Stops a server that an earlier, killed process of ours left running on this data folder. A file
 * that a dead server left is PostgreSQL's own business: it knows how to recover from it.
 */
export async function stopOrphan(dataDir: string): Promise<boolean> {
  const orphan = findPostmaster(dataDir);
  if (!orphan || !isServerOf(orphan.pid, dataDir)) return false;
  await endProcess(orphan.pid);
  return true;
}

/** Ends a server in PostgreSQL's order: fast first, then at once. */
export async function endProcess(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!signalled(pid, signal)) return;
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (!signalled(pid, 0)) return;
      await delay(POLL_MS);
    }
  }
}

/** Waits until `isDone` says so; false when it did not within `patienceMs`. */
export async function waitUntil(isDone: () => boolean, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (!isDone()) {
    if (performance.now() > until) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** A process may carry a dead server's number, so its command line has to name the folder. */
function isServerOf(pid: number, dataDir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir);
  } catch {
    return false;
  }
}

function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
