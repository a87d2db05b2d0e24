import type { ChildProcess } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../aws/loopback.ts';
import {
  giveUpData,
  initialize,
  pgDataOf,
  readPasswords,
  SUPERUSER,
  unfinishedOf,
  writePasswords,
} from './data-folder.ts';
import { isDiskFull } from './disk-full.ts';
import { end, howItEnded, launch } from './launch.ts';
import { findPassword } from './login.ts';
import { removeData, serverPaths } from './paths.ts';
import { endLeftovers } from './processes.ts';

// Stands in for Aurora PostgreSQL: the same server, version 18, from npm's binaries. It leaves out
// Aurora's storage, its replicas and its pausing, and its `postgres` is a real superuser.

export interface PostgresServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** The one that opened it when it was started. */
  readonly password: string;
  readonly pid: number;
  /** Keeps a password that its user may get from somebody else: the next start tries it, too. */
  keepPassword(password: string): void;
  /** With the password, for clients of PostgreSQL. */
  url(database?: string): string;
}

export interface PostgresOptions {
  /** Made when it is not there. Only one process at a time may ask for it. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** PostgreSQL settings beside ours, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The pause before a server that did not start is tried again. */
const RETRY_MS = 2_000;

/**
 * A PostgreSQL server on a free loopback port. What an earlier process left behind on the same data
 * is stopped and recovered first; a server that is killed is started again on its port, however
 * often that takes. It ends with this process, however that ends.
 *
 * @throws when it does not come up; the server's own log, `server.log` in the data folder, says why
 * @throws {MachineError} when no password that is kept beside the data is its own
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { log = () => {}, settings = {} } = options;
  const paths = serverPaths(options.dataDir);
  const pgData = pgDataOf(paths.dataDir);
  if (await endLeftovers(pgData)) log('PostgreSQL was left running; it was stopped.');
  await initialize(paths);
  const passwords = readPasswords(paths.dataDir); // before there is a server that would stay
  const port = await freePort();
  let server = await launch(paths, port, settings);
  const password = await findPassword(paths.dataDir, port, passwords).catch(async (error) => {
    await end(server);
    throw error;
  });
  const stopping = new AbortController();

  async function keepRunning(): Promise<void> {
    const how = await howItEnded(server);
    if (stopping.signal.aborted) return;
    log(`PostgreSQL ended unexpectedly (${how}); starting it again.`);
    const next = await launchAgain();
    if (!next) return;
    server = next;
    log('PostgreSQL is back.');
    if (stopping.signal.aborted) await end(server);
    return keepRunning();
  }

  /**
   * Tries until it starts, as on a disk that was full; `undefined` when it is to stop meanwhile.
   */
  async function launchAgain(): Promise<ChildProcess | undefined> {
    let told = '';
    while (!stopping.signal.aborted) {
      try {
        await endLeftovers(pgData);
        return await launch(paths, port, settings);
      } catch (error) {
        const why = isDiskFull(error) ? 'The disk is full' : (error as Error).message;
        if (why !== told) log(`${why}; PostgreSQL is tried again every ${RETRY_MS / 1_000} s.`);
        told = why;
        await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    return undefined;
  }
  const supervision = keepRunning();

  let kept = [password];
  function keepPassword(next: string): void {
    const all = [next, ...kept.filter((known) => known !== next)];
    writePasswords(paths, all);
    kept = all;
  }

  return {
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    keepPassword,
    get pid() {
      return server.pid ?? 0;
    },
    url: (database = 'postgres') =>
      `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await end(server);
      await supervision;
    },
  };
}

/** Deletes a data folder. A server that a killed process left running on it is ended first. */
export async function removePostgresData(dataDir: string): Promise<void> {
  if (existsSync(dataDir)) {
    const place = realpathSync(dataDir);
    const pgData = pgDataOf(place);
    // Files that are still written are not removed, and `rmSync` of Node 24 does not say so.
    for (const folder of [pgData, unfinishedOf(pgData)]) await endLeftovers(folder);
    giveUpData(place);
  }
  removeData(dataDir);
}
