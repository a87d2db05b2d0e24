import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { MachineError } from '../machine-error.ts';
import { guard } from '../processes/guard.ts';
import { logOf, pgDataOf } from './data-folder.ts';
import type { ServerPaths } from './paths.ts';
import { endServer, findPostmaster, waitUntil } from './processes.ts';

const START_PATIENCE_MS = 60_000; // recovery after a crash takes its time

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse', // as the cluster's: else the log quotes rows of orders
  dynamic_shared_memory_type: 'mmap', // in the data folder: nothing stays in /dev/shm after a kill
};

/**
 * A server process that takes connections.
 *
 * @throws {MachineError} when it does not come up; the server's own log says why
 */
export async function launch(
  { osUser, binDir, dataDir }: ServerPaths,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const pgData = pgDataOf(dataDir);
  const all = { ...SETTINGS, port: String(port), ...settings };
  const log = openSync(logOf(dataDir), 'a', 0o600);
  const { size: loggedBefore } = fstatSync(log);
  const child = spawn(
    join(binDir, 'postgres'),
    ['-D', pgData, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A session of its own: Ctrl-C is for us, who stop the server in its turn.
    { ...osUser, cwd: pgData, env: {}, stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  guard(child, 'INT');
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const isReady = () => {
    const postmaster = findPostmaster(pgData);
    return postmaster?.pid === child.pid && postmaster?.status === 'ready';
  };
  const settled = await waitUntil(
    () => failure !== undefined || hasEnded(child) || isReady(),
    START_PATIENCE_MS,
  );
  if (settled && !failure && !hasEnded(child)) return child;
  await end(child);
  const cause = failure ?? lastWords(dataDir, loggedBefore);
  const [, last] = /(?:(?:FATAL|PANIC): +|^postgres: )(.+)/m.exec(cause.message) ?? [];
  const reason = last === undefined ? '' : `: ${last}`;
  throw new MachineError(`PostgreSQL did not start; ${logOf(dataDir)} says why${reason}.`, {
    cause,
  });
}

/** A segment of its write-ahead log and some more: without that much room it does not start. */
const ROOM_BYTES = 32 * 1024 * 1024;

/** What the server logged before it ended; on a full disk it may not have been able to. */
function lastWords(dataDir: string, loggedBefore: number): Error {
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < ROOM_BYTES) return new Error('No space left on device');
  return new Error(readFileSync(logOf(dataDir)).subarray(loggedBefore).toString());
}

export async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  await endServer(child.pid);
  await ended;
}

/** The signal or exit code with which a process ended, once it has. */
export async function howItEnded(child: ChildProcess): Promise<string> {
  if (!hasEnded(child)) await once(child, 'exit');
  return child.signalCode ?? `exit code ${child.exitCode}`;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
