import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const lines = readFileSync(lockFileOf(dataDir), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' };
  } catch {
    return undefined;
  }
}

const lockFileOf = (dataDir: string) => join(dataDir, 'postmaster.pid');

/**
 * Ends what is left of a server on this data folder: one whose parent, a process of ours, was
 * killed, and the processes of a server that was killed itself, which keep a new one out while they
 * live. The files that a dead server leaves are PostgreSQL's own business, and it recovers from
 * them, but for its lock: a new server takes any process with the old one's id for a server, also a
 * zombie that nobody reaps and a process of another program.
 *
 * @returns whether there was a server
 */
export async function endLeftovers(dataDir: string): Promise<boolean> {
  const postmaster = findPostmaster(dataDir);
  const found = postmaster !== undefined && serverProcesses(dataDir).includes(postmaster.pid);
  if (found) await endServer(postmaster.pid);
  if ((await endAll(dataDir)) && CAN_TELL) rmSync(lockFileOf(dataDir), { force: true });
  return found;
}

/**
 * Ends every process of PostgreSQL on this data folder, and looks again each time: one that is not
 * ended yet starts others, as `initdb` does all the time.
 *
 * @returns whether none is left
 */
async function endAll(dataDir: string): Promise<boolean> {
  for (let looks = 0; looks < 10; looks += 1) {
    const pids = serverProcesses(dataDir);
    if (pids.length === 0) return true;
    for (const pid of pids) await endProcess(pid, [['SIGKILL', 5_000]]);
  }
  return serverProcesses(dataDir).length === 0;
}

/** Ends a whole server in PostgreSQL's order: fast first, then at once. */
export async function endServer(pid: number): Promise<void> {
  await endProcess(pid, [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ]);
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

/** Each signal in its turn, with the milliseconds it has to work. */
async function endProcess(
  pid: number,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<void> {
  for (const [signal, patienceMs] of signals) {
    if (!signalled(pid, signal)) return;
    if (await waitUntil(() => !isRunning(pid), patienceMs)) return;
  }
}

/** Whether the system tells what a process works on; else that is left to PostgreSQL. */
const CAN_TELL = existsSync('/proc/self/cwd');

/** Every process of PostgreSQL works in its data folder, `initdb` too; a zombie works nowhere. */
function serverProcesses(dataDir: string): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => worksIn(pid, dataDir));
  } catch {
    return [];
  }
}

function worksIn(pid: number, dataDir: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== dataDir) return false;
    const program = basename(readlinkSync(`/proc/${pid}/exe`));
    return /^(postgres|initdb)/.test(program) || isShellOfInitdb(pid);
  } catch {
    return false; // ended meanwhile, or another user's
  }
}

/** `initdb` has a shell start each server of its own; the shell is there a moment before that. */
function isShellOfInitdb(pid: number): boolean {
  return /\0-c\0.*\/postgres" --/s.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
}

/** Whether there is such a process and it has not ended: a zombie has. */
export function isRunning(pid: number): boolean {
  return signalled(pid, 0) && !isZombie(pid);
}

/**
 * Whether a process has ended and waits for its parent to ask how: in a container perhaps for ever.
 */
function isZombie(pid: number): boolean {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
    return afterName?.startsWith('Z') ?? false;
  } catch {
    return false; // ended meanwhile, or there is no /proc to tell
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
