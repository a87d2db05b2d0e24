import { spawn } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { guard } from '../local/processes/guard.ts';

const MAIN = join(import.meta.dirname, '../client/src/command/main.ts');
const LOOK_EVERY_MS = 200;
/** How it ends after that, also by Ctrl-C before it can handle that. */
const ENDED = new Set<string | number>(['SIGKILL', 'SIGINT', 130]);

/** Makes the command as it is published, which says itself how much memory Node.js may take. */
export function buildCommand(outfile: string): string {
  buildSync({ entryPoints: [MAIN], bundle: true, platform: 'node', format: 'esm', outfile });
  chmodSync(outfile, 0o755);
  return outfile;
}

/** How `order-analytics upload` ended. */
export interface EndedCommand {
  /** What it printed as JSON; empty when it was ended. */
  readonly report: Record<string, unknown>;
  readonly durationMs: number;
  /** The most memory it had at once; `undefined` where the system does not tell. */
  readonly peakMb: number | undefined;
  /** Whether `end` came before it was done. */
  readonly wasEnded: boolean;
}

export interface RunningCommand {
  readonly ended: Promise<EndedCommand>;
  /** SIGKILL is at once, as nobody can prepare for; SIGINT is Ctrl-C. */
  readonly end: (signal: 'SIGKILL' | 'SIGINT') => void;
}

/** @param command what `buildCommand` made */
export function startUpload(
  command: string,
  file: string,
  { api, key }: { readonly api: string; readonly key: string },
): RunningCommand {
  const startedMs = performance.now();
  const child = spawn(command, ['upload', file, '--json'], {
    env: { PATH: process.env.PATH, ORDER_ANALYTICS_URL: api, ORDER_ANALYTICS_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  guard(child, 'KILL');
  let peakMb: number | undefined;
  const look = setInterval(() => {
    peakMb = readPeakMb(child.pid) ?? peakMb;
  }, LOOK_EVERY_MS);
  const exited = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const ended = Promise.all([exited, text(child.stdout), text(child.stderr)]).then(
    ([how, printed, errors]) => {
      clearInterval(look);
      const wasEnded = ENDED.has(how ?? '');
      if (!wasEnded && how !== 0) throw new Error(`The command ended with ${how}: ${errors}`);
      const report = wasEnded ? {} : JSON.parse(printed);
      return { report, durationMs: performance.now() - startedMs, peakMb, wasEnded };
    },
  );
  return { ended, end: (signal) => child.kill(signal) };
}

/** What Linux says of a process's memory at its most. */
function readPeakMb(pid: number | undefined): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? undefined : Math.round((Number(kib) * 1024) / 1e6);
  } catch {
    return undefined;
  }
}
