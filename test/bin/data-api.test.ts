import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RDSData } from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { removePostgresData } from '../../local/postgres/server.ts';
import { freePort } from '../helpers/free-port.ts';

const MAIN = join(import.meta.dirname, '../../bin/data-api.ts');

let folder: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'order-analytics-data-api-main-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await removePostgresData(join(folder, 'postgres'));
  rmSync(folder, { recursive: true });
});

/** The program, what it printed so far, and what it will have printed when it has ended. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...printed }));
  const ready = async () => {
    while (!printed.out.includes('postgres://'))
      await Promise.race([once(child.stdout, 'data'), ended.then(failed)]);
    return printed.out;
  };
  return { child, ended, ready };
}

const failed = ({ err }: { err: string }) => Promise.reject(new Error(err));
const printedValue = (out: string, name: string) =>
  new RegExp(`${name}=(\\S+)`).exec(out)?.[1] ?? '';

describe('npm run data-api', () => {
  it.each([
    [['--port', '0'], '--port 0: a port is a whole number from 1 to 65535.\n'],
    [['--region', 'here'], '--region here: a region is named like us-east-1.\n'],
    [['--data', ''], '--data needs the name of a folder.\n'],
    [['--fast'], "Unknown option '--fast'; npm run data-api -- --help shows the options.\n"],
  ])('refuses %j in a sentence', async (args, err) => {
    expect(await start(...args).ended).toEqual({ code: 1, out: '', err });
  });

  it('says in a sentence that its port is taken', async () => {
    await using other = await listenOnLoopback(createServer(), 0);
    const { port } = other;
    const { code, err } = await start('--port', String(port), '--data', folder).ended;
    expect({ code, err }).toEqual({
      code: 1,
      err: `Port ${port} is taken: end the program that has it, or choose another with --port.\n`,
    });
  });

  it('prints what a client needs, keeps its data, and stops whole when told', async () => {
    const port = await freePort();
    const args = ['--port', port, '--data', folder, '--region', 'eu-central-1'];
    const first = start(...args);
    const out = await first.ready();
    const client = new RDSData({
      endpoint: printedValue(out, 'AWS_ENDPOINT_URL_RDS_DATA'),
      region: printedValue(out, 'AWS_REGION'),
      credentials: {
        accessKeyId: printedValue(out, 'AWS_ACCESS_KEY_ID'),
        secretAccessKey: printedValue(out, 'AWS_SECRET_ACCESS_KEY'),
      },
    });
    const execute = (sql: string) =>
      client.executeStatement({
        resourceArn: printedValue(out, 'RESOURCE_ARN'),
        secretArn: printedValue(out, 'SECRET_ARN'),
        ...{ database: 'local', sql },
      });
    expect(await client.config.region()).toBe('eu-central-1');
    expect(printedValue(out, 'RESOURCE_ARN')).toMatch(/^arn:aws:rds:eu-central-1:/);
    await execute('CREATE TABLE kept AS SELECT 1 AS id');

    const second = await start('--port', await freePort(), '--data', folder).ended;
    expect(second).toEqual({
      ...{ code: 1, out: '' },
      err: `${folder} is in use by another process (${first.child.pid}).\n`,
    });

    const postgresUrl = /postgres:\/\/\S+/.exec(out)?.[0] ?? '';
    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 0, err: '' });
    await expect(new pg.Client(postgresUrl).connect()).rejects.toThrow('ECONNREFUSED');

    const again = start(...args);
    await again.ready();
    expect((await execute('SELECT id FROM kept')).records).toEqual([[{ longValue: 1 }]]);
    again.child.kill('SIGTERM');
    expect(await again.ended).toMatchObject({ code: 0, err: '' });
  });
});
