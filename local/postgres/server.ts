import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ServerPlaces, serverPlaces } from './places.ts';
import { endProcess, findPostmaster, stopOrphan, waitUntil } from './postmaster.ts';

// Stands in for Aurora PostgreSQL: the same server, version 18, from npm's binaries. It leaves out
// Aurora's storage, its replicas and its pausing.

const START_PATIENCE_MS = 60_000; // recovery after a crash takes its time
const SUPERUSER = 'postgres';

/** What a data folder holds. */
const PGDATA = 'pgdata';
const PASSWORD = 'password';
const LOG = 'server.log';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface PostgresServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
  url(database?: string): string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Made when it is not there. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** PostgreSQL settings beside ours, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A PostgreSQL server on a free loopback port. What an earlier process left behind on the same data is
 * stopped and recovered first; a server that is killed is started again on its port.
 *
 * @throws when it does not come up; the server's own log, `server.log` in the data folder, says why
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { log = () => {}, settings = {} } = options;
  const places = serverPlaces(options.dataDir);
  if (await stopOrphan(join(places.dataDir, PGDATA)))
    log('PostgreSQL was left running; it was stopped.');
  await initialize(places);
  const port = await freePort();
  let stopping = false;
  let server = await launch(places, port, settings);

  const restart = async (child: ChildProcess): Promise<void> => {
    if (stopping || child !== server) return;
    log(
      `PostgreSQL ended unexpectedly (${child.signalCode ?? child.exitCode}); starting it again.`,
    );
    try {
      server = await launch(places, port, settings);
      watch(server);
      log('PostgreSQL is back.');
      if (stopping) await end(server);
    } catch (error) {
      log(`PostgreSQL does not start again: ${(error as Error).message}`);
    }
  };
  const watch = (child: ChildProcess) => {
    child.once('exit', () => restart(child));
    if (hasEnded(child)) restart(child);
  };
  watch(server);

  const password = readFileSync(join(places.dataDir, PASSWORD), 'utf8');
  return {
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    get pid() {
      return server.pid ?? 0;
    },
    url: (database = 'postgres') =>
      `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      stopping = true;
      await end(server);
    },
  };
}

/** Makes the data when there is none; under another name first, so that a killed one is not taken for whole. */
async function initialize({ account, binDir, dataDir }: ServerPlaces): Promise<void> {
  if (existsSync(join(dataDir, PGDATA))) return;
  const unfinished = join(dataDir, `${PGDATA}.unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(dataDir, PASSWORD);
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  await promisify(execFile)(
    join(binDir, 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { ...account, cwd: dataDir, env: {} },
  );
  renameSync(unfinished, join(dataDir, PGDATA));
}

/** Starts a server process and waits until it takes connections. */
async function launch(
  { account, binDir, dataDir }: ServerPlaces,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const pgData = join(dataDir, PGDATA);
  const all = { ...SETTINGS, port: String(port), ...settings };
  const log = openSync(join(dataDir, LOG), 'a', 0o600);
  const child = spawn(
    join(binDir, 'postgres'),
    ['-D', pgData, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A session of its own: Ctrl-C is for us, who stop the server in its turn.
    { ...account, cwd: pgData, env: {}, stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
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
  throw new Error(`PostgreSQL did not start; ${join(dataDir, LOG)} says why.`, { cause: failure });
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  await endProcess(child.pid);
  await ended;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
