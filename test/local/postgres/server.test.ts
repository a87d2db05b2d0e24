import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { serverUser } from '../../../local/postgres/os-user.ts';
import { removeData } from '../../../local/postgres/paths.ts';
import { isRunning } from '../../../local/postgres/processes.ts';
import {
  type PostgresServer,
  removePostgresData,
  startPostgres,
} from '../../../local/postgres/server.ts';
import { eventually } from '../../helpers/eventually.ts';
import { copyPostgresData, makePostgresData } from '../../helpers/postgres-data.ts';
import { guardOf } from '../processes/guard-of.ts';
import { initdbOf } from './initdb-of.ts';

let folder: string;
const running: PostgresServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'order-analytics-postgres-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await removePostgresData(join(folder, 'data'));
  rmSync(folder, { recursive: true });
});

async function start(dataDir = join(folder, 'data'), log?: (line: string) => void) {
  const server = await startPostgres({ dataDir, ...(log && { log }) });
  running.push(server);
  return server;
}

async function query<T>(server: { url(): string }, text: string): Promise<T[]> {
  const client = new pg.Client(server.url());
  client.on('error', () => {}); // the tests kill servers under their clients
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

describe('startPostgres on a new folder', () => {
  it('starts PostgreSQL 18 on loopback, in UTF-8 and UTC, with durable commits', async () => {
    const [row] = await query<Record<string, string>>(
      await start(),
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
         current_setting('listen_addresses') AS listens, current_setting('fsync') AS fsync,
         current_setting('server_encoding') AS encoding, current_setting('timezone') AS timezone`,
    );
    expect(row).toEqual({
      version: 18,
      listens: '127.0.0.1',
      fsync: 'on',
      encoding: 'UTF8',
      timezone: 'UTC',
    });
  });

  it('ends what makes its data with the process that started it', async () => {
    const dataDir = join(folder, 'data');
    const child = fork(join(import.meta.dirname, 'start-and-wait.ts'), [dataDir]);
    const initdb = await eventually(() => initdbOf(dataDir));
    child.kill('SIGKILL');
    await eventually(() => expect(isRunning(initdb)).toBe(false));
    const MADE_LAST = 'base/5'; // the database `postgres`
    expect(existsSync(join(dataDir, 'pgdata.unfinished', MADE_LAST))).toBe(false);
  });

  it('makes its data although a process that was killed together with its guard left that undone', async () => {
    const dataDir = join(folder, 'data');
    const child = fork(join(import.meta.dirname, 'start-and-wait.ts'), [dataDir]);
    const initdb = await eventually(() => initdbOf(dataDir));
    process.kill(await eventually(() => guardOf(initdb)), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isRunning(initdb)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)(
    'keeps its data within reach when root asks for a folder that only root may enter',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const dataDir = join(closed, 'data');
      expect(await query(await start(dataDir), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const place = readlinkSync(dataDir);
      expect(statSync(place).uid).not.toBe(0);

      await running.pop()?.[Symbol.asyncDispose]();
      removeData(dataDir);
      expect(() => statSync(place)).toThrow(/ENOENT/);
    },
  );
});

describe('startPostgres on data that was made before', () => {
  let made: string;
  beforeAll(async () => {
    made = join(mkdtempSync(join(tmpdir(), 'order-analytics-postgres-')), 'data');
    await makePostgresData(made);
  });
  afterAll(() => {
    removeData(made);
    rmSync(dirname(made), { recursive: true });
  });
  beforeEach(() => copyPostgresData(made, join(folder, 'data')));

  it('wants its password', async () => {
    const url = new URL((await start()).url());
    url.password = 'wrong';
    await expect(query({ url: () => url.href }, 'SELECT 1')).rejects.toThrow(/authentication/);
  });

  it('leaves no process behind and finds its data again', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first[Symbol.asyncDispose]();
    expect(isRunning(first.pid)).toBe(false);
    expect(await query(await start(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('is back on the same port after its process was killed', async () => {
    const log = vi.fn();
    const server = await start(undefined, log);
    await query(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    process.kill(server.pid, 'SIGKILL');
    await eventually(() => expect(log).toHaveBeenLastCalledWith('PostgreSQL is back.'));
    expect(log).toHaveBeenCalledWith('PostgreSQL ended unexpectedly (SIGKILL); starting it again.');
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('is back although a query of the killed server is still busy', async () => {
    const log = vi.fn();
    const server = await start(undefined, log);
    const busy = query(
      server,
      'SELECT count(*) FROM generate_series(1, 1e6) a, generate_series(1, 1e6) b',
    );
    const isBusy = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE state = 'active' AND pid <> pg_backend_pid()`;
    await eventually(async () => expect(await query(server, isBusy)).toEqual([{ n: 1 }]));
    process.kill(server.pid, 'SIGKILL');
    await expect(busy).rejects.toThrow(/terminated/);
    await eventually(() => expect(log).toHaveBeenLastCalledWith('PostgreSQL is back.'));
  });

  it('stays stopped when it is stopped while it comes back', async () => {
    const log = vi.fn();
    const server = await start(undefined, log);
    process.kill(server.pid, 'SIGKILL');
    await eventually(() => expect(log).toHaveBeenCalled());
    await server[Symbol.asyncDispose]();
    expect(isRunning(server.pid)).toBe(false);
    await expect(query(server, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is back as soon as what kept it from starting is gone', async () => {
    const log = vi.fn();
    const server = await start(undefined, log);
    const settings = join(folder, 'data/pgdata/postgresql.auto.conf');
    appendFileSync(settings, 'no setting\n');
    process.kill(server.pid, 'SIGKILL');
    await eventually(() =>
      expect(log).toHaveBeenLastCalledWith(expect.stringMatching(/tried again every 2 s\.$/)),
    );
    writeFileSync(settings, '');
    await eventually(() => expect(log).toHaveBeenLastCalledWith('PostgreSQL is back.'));
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('ends with the process that started it, also when that is killed', async () => {
    const child = fork(join(import.meta.dirname, 'start-and-wait.ts'), [join(folder, 'data')]);
    const [{ pid }] = (await once(child, 'message')) as [{ pid: number }];
    child.kill('SIGKILL');
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it('takes over the data of a process that was killed together with its guard', async () => {
    const child = fork(join(import.meta.dirname, 'start-and-wait.ts'), [join(folder, 'data')]);
    const [{ pid }] = (await once(child, 'message')) as [{ pid: number }];
    process.kill(guardOf(pid), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(pid)).toBe(true);

    const log = vi.fn();
    expect(await query(await start(undefined, log), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(log).toHaveBeenCalledWith('PostgreSQL was left running; it was stopped.');
    expect(isRunning(pid)).toBe(false);
  });

  it.each([
    ['a zombie that nobody reaps', true],
    ['a process of another program', false],
  ])('starts although the id of a killed server is now that of %s', async (_what, ends) => {
    const dataDir = join(folder, 'data');
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    const lockFile = join(dataDir, 'pgdata/postmaster.pid');
    const written = readFileSync(lockFile, 'utf8');
    await first[Symbol.asyncDispose]();
    // Of the server's own user: PostgreSQL does not mind what it may not send signals to.
    const osUser = serverUser(dataDir);
    const script = 'exec 3<&0; head -c 1 <&3 & echo $!; exec sleep 600'; // which reaps no child
    const parent = spawn('sh', ['-c', script], { ...osUser, stdio: ['pipe', 'pipe', 'inherit'] });
    const pid = Number((await once(parent.stdout, 'data'))[0]);
    await eventually(() => expect(commandOf(parent.pid!)).toBe('sleep'));
    if (ends) parent.stdin.end();
    await eventually(() => expect(isRunning(pid)).toBe(!ends));
    writeFileSync(lockFile, written.replace(/^\d+/, String(pid)));
    try {
      expect(await query(await start(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    } finally {
      parent.stdin.end();
      parent.kill();
    }
  });

  it('says where to look when it does not start', async () => {
    const dataDir = join(folder, 'data');
    await (await start())[Symbol.asyncDispose]();
    await expect(startPostgres({ dataDir, settings: { shared_buffers: 'many' } })).rejects.toThrow(
      /did not start; .*server\.log says why: invalid value for parameter "shared_buffers"/,
    );
    writeFileSync(join(dataDir, 'pgdata/global/pg_control'), '');
    await expect(startPostgres({ dataDir })).rejects.toThrow(
      /server\.log says why: could not read file "global\/pg_control"/,
    );
    rmSync(join(dataDir, 'pgdata/postgresql.conf')); // before it has a log of its own form
    await expect(startPostgres({ dataDir })).rejects.toThrow(
      /server\.log says why: could not access the server configuration file/,
    );
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is empty', (file: string) => writeFileSync(file, '')],
    ['is of NULs', (file: string) => writeFileSync(file, '\0'.repeat(32))],
  ])('does not begin, and leaves nothing running, where its password %s', async (_what, spoil) => {
    const dataDir = join(folder, 'data');
    spoil(join(dataDir, 'password'));
    await expect(startPostgres({ dataDir })).rejects.toThrow(/password is missing or empty/);
    expect(existsSync(join(dataDir, 'pgdata/postmaster.pid'))).toBe(false);
  });

  it.each([
    ['it had then', (next: string) => `ALTER ROLE postgres PASSWORD '${next}'`],
    ['it was to have', () => 'SELECT 1'],
  ])('begins with the password that %s, whichever it was told of', async (_when, change) => {
    const first = await start();
    first.keepPassword('the next one');
    await query(first, change('the next one'));
    await first[Symbol.asyncDispose]();
    const second = await start();
    expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

    second.keepPassword('another one');
    await second[Symbol.asyncDispose]();
    expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says so, and leaves nothing running, where its password is another', async () => {
    const dataDir = join(folder, 'data');
    writeFileSync(join(dataDir, 'password'), 'p@ss/word'); // which no URL could have
    const starting = startPostgres({ dataDir });
    await expect(starting).rejects.toThrow(MachineError);
    await expect(starting).rejects.toThrow(
      /password is not the password of the database beside it: put that back, or delete \S+\.$/,
    );
    expect(existsSync(join(dataDir, 'pgdata/postmaster.pid'))).toBe(false);
  });

  it('says so where it lets nobody in for another reason', async () => {
    const dataDir = join(folder, 'data');
    writeFileSync(join(dataDir, 'pgdata/pg_hba.conf'), 'host all all all reject\n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(
      /^PostgreSQL lets nobody in; .*server\.log says why: pg_hba\.conf rejects connection .*\.$/,
    );
    expect(existsSync(join(dataDir, 'pgdata/postmaster.pid'))).toBe(false);
  });
});
