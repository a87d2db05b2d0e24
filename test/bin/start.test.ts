import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Kept } from '../../cli/demo/demo.ts';
import { SHOPS, type Shop } from '../../cli/demo/shops.ts';
import { stepsOf } from '../../cli/demo/steps.ts';
import { Year } from '../../cli/demo/year.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import type { Endpoints } from '../../local/service/endpoints.ts';
import { askDocumented } from '../helpers/contract/documented.ts';
import { prepareDataFolder, prepareNewDataFolder, useDataFolder } from '../helpers/data-folder.ts';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/free-port.ts';

const data = useDataFolder();
const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** `npm start`'s process, with what it prints. */
function start(...args: string[]) {
  const child = spawn(process.execPath, ['bin/start.ts', '--data', data.folder, ...args], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const lines: string[] = [];
  const ready = Promise.withResolvers<Endpoints>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Ready on')) ready.resolve(endpoints());
    });
  }
  const ended = once(child, 'close').then(([code]) => {
    ready.reject(new Error(`It ended:\n${lines.join('\n')}`));
    return { code, output: lines.join('\n') };
  });
  ready.promise.catch(() => {});
  return { child, lines, ready: ready.promise, ended };
}

const endpoints = () => JSON.parse(readFileSync(data.endpoints, 'utf8')) as Endpoints;

/**
 * What other accounts may read in a data folder: nothing that says anything of orders,
 * keys or passwords.
 */
function openToOthers(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name !== 'logs' && name !== 'postgres');
  const paths = [...names, 'logs', 'logs/functions.log', 'postgres'];
  return paths.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0).toSorted();
}

/** The processes that work in the data folder or on its bundles. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** What a shop of the demo has in the end, as its steps make it. */
function endOf(shop: Shop, year: Year): string {
  let orders = new Map<string, number>();
  let before = orders;
  for (const step of stepsOf(shop, year).steps) {
    if ('undo' in step) orders = before;
    else if ('delete' in step) orders.delete(step.delete);
    else {
      before = new Map(orders);
      for (const { order_number, total_amount } of step.upload) {
        orders.set(order_number, Math.round(Number(total_amount) * 100));
      }
    }
  }
  const cents = [...orders.values()].reduce((sum, one) => sum + one, 0);
  return `${shop.seller} ${orders.size} orders ${(cents / 100).toFixed(2)}`;
}

/** The figures that a start with `--demo` prints. */
const demoFigures = (lines: readonly string[]) =>
  lines
    .flatMap((line) => /^ +(\S+ +\d+ orders +[\d.]+), [\d.]+ each$/.exec(line)?.[1] ?? [])
    .map((line) => line.replaceAll(/ +/g, ' '));

const order = (number: string) => ({
  order_number: number,
  created_at: '2025-11-12T10:00:00Z',
  total_amount: 10,
  status: 'new',
  items: [
    { sku: 'a', name: 'Чай', quantity: 1, price: 4 },
    { sku: 'b', name: 'Чашка', quantity: 1, price: 6 },
  ],
});

async function upload({ api, sellerKey }: Endpoints, numbers: readonly string[]): Promise<number> {
  const { status } = await askDocumented(`${api}/api/orders/upload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sellerKey}` },
    body: JSON.stringify({ user: 'test_seller', orders: numbers.map(order) }),
  });
  return status;
}

/**
 * How many of an upload's orders are stored, by upload;
 * with how many items, and what the roll-up says.
 */
async function stored({ postgres }: Endpoints) {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    const { rows } = await client.query<{ upload: string; orders: number; items: number }>(
      `SELECT split_part(order_number, '.', 1) AS upload, count(DISTINCT o.id)::int AS orders,
         count(i.*)::int AS items
       FROM orders AS o LEFT JOIN order_items AS i ON i.order_id = o.id
         JOIN users AS u ON u.id = o.user_id WHERE u.username = 'test_seller' GROUP BY 1`,
    );
    const { rows: sums } = await client.query<{ orders_count: number }>(
      'SELECT coalesce(sum(orders_count), 0)::int AS orders_count FROM daily_order_stats',
    );
    return { uploads: rows, rolledUp: sums[0]?.orders_count };
  } finally {
    await client.end();
  }
}

describe('npm start', () => {
  it('fills itself once, keeps the data, refuses a second start on it, and stops as a whole when it is told to', async () => {
    prepareNewDataFolder(data);
    const port = await freePort();
    mkdirSync(data.logs);
    // As earlier versions left it.
    writeFileSync(join(data.logs, 'functions.log'), '', { mode: 0o644 });
    const first = start('--port', port, '--demo');
    const running = await first.ready;
    expect(running).toMatchObject({
      api: `http://127.0.0.1:${port}`,
      dataApi: { region: 'us-east-1', database: 'order_analytics' },
      admin: pathToFileURL(data.admin).href,
      pid: first.child.pid,
    });
    expect(await upload(running, ['1', '2'])).toBe(200);

    const beside = await start('--port', await freePort()).ended;
    expect(beside).toEqual({
      code: 1,
      output: `${data.folder} is in use by another process (${first.child.pid}).`,
    });
    expect(endpoints()).toEqual(running);
    const page = readFileSync(data.admin, 'utf8');
    const [, door = '', code = ''] =
      /action="(.+?)"[\s\S]+name="code" value="(.+?)"/.exec(page) ?? [];
    const opened = await fetch(door, { method: 'POST', body: new URLSearchParams({ code }) });
    expect(opened.status).toBe(200);
    const next = readFileSync(data.admin, 'utf8'); // for another browser
    expect(next).toContain(`action="${door}"`);
    expect(next).not.toContain(code);
    expect(first.lines.join('\n')).not.toContain(code);
    expect(openToOthers(data.folder)).toEqual(['cdk.out', 'lock', 'pid']);

    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, output: expect.stringContaining('Stopped') });
    expect([data.endpoints, data.admin].filter((path) => existsSync(path))).toEqual([]);
    const { untilMs = 0 }: Kept = JSON.parse(readFileSync(data.demo, 'utf8'));
    const year = new Year(untilMs);
    expect(demoFigures(first.lines)).toEqual(SHOPS.map((shop) => endOf(shop, year)));
    expect(processesOf(data.folder)).toEqual([]);

    const second = start('--port', port, '--demo');
    const again = await second.ready;
    expect(again.sellerKey).toBe(running.sellerKey);
    expect((await stored(again)).uploads).toEqual([
      { upload: '1', orders: 1, items: 2 },
      { upload: '2', orders: 1, items: 2 },
    ]);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
    expect(demoFigures(second.lines)).toEqual(demoFigures(first.lines));
    expect(second.lines.filter((line) => line.includes('Filling'))).toEqual([]);

    const third = start('--port', port, '--reset');
    expect((await stored(await third.ready)).uploads).toEqual([]);
    third.child.kill('SIGHUP');
    const { output: told } = await third.ended;
    expect(told).toContain(
      `Deleting ${data.postgres}, ${data.assembly}, ${data.logs}, ${data.demoKey}, ${data.demo}`,
    );
    expect(processesOf(data.folder)).toEqual([]);
  });

  it('says in one sentence that its port is taken, and changes nothing', async () => {
    await using other = await listenOnLoopback(createServer(), 0);
    const { port } = other;
    const { code, output } = await start('--port', String(port), '--reset').ended;
    expect({ code, output }).toEqual({
      code: 1,
      output: `Port ${port} is taken: end the program that has it, or choose another with --port.`,
    });
    expect(existsSync(data.postgres)).toBe(false);
  });

  it('stops when nobody reads any more what it prints, as after a pipe into head', async () => {
    prepareDataFolder(data);
    const { child, ready, ended } = start('--port', await freePort());
    const { api } = await ready;
    child.stdout!.destroy();
    child.stderr!.destroy();
    await fetch(api).catch(() => {}); // of which a line is printed, unless it has stopped already
    await ended;
    expect(child.exitCode).toBe(0);
    expect(processesOf(data.folder)).toEqual([]);
    expect(existsSync(data.endpoints)).toBe(false);
  });

  it('stops while it starts', async () => {
    const { child, ended } = start('--port', await freePort());
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(processesOf(data.folder)).toEqual([]);
  });

  it('has every upload that was answered 200 and no other in part, whatever is killed meanwhile', async () => {
    prepareDataFolder(data);
    const port = await freePort();
    const first = start('--port', port);
    const running = await first.ready;
    const accepted = new Set<string>();
    let sent = 0;
    let stopped = false;
    const client = async (): Promise<void> => {
      while (!stopped) {
        const name = `u${sent++}`;
        const numbers = Array.from({ length: 50 }, (_, i) => `${name}.${i}`);
        const status = await upload(running, numbers).catch(() => 0);
        if (status === 200) accepted.add(name);
        if (status === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const until = (count: number) =>
      eventually(() => expect(accepted.size).toBeGreaterThanOrEqual(count));
    const clients = [client(), client(), client()];
    await until(10);
    process.kill(postmasterOf(data.postgres), 'SIGKILL');
    await until(accepted.size + 10); // it is back
    first.child.kill('SIGKILL');
    await first.ended;
    stopped = true;
    await Promise.all(clients);

    const second = start('--port', port);
    const { uploads, rolledUp } = await stored(await second.ready);
    const whole = uploads.filter(({ orders, items }) => orders === 50 && items === 100);
    expect(whole).toEqual(uploads);
    expect(whole.map(({ upload: name }) => name)).toEqual(expect.arrayContaining([...accepted]));
    expect(rolledUp).toBe(50 * whole.length);
    second.child.kill('SIGTERM');
    await second.ended;
  });
});

/** The first line of `postmaster.pid`; root may have put the data elsewhere, behind a link. */
function postmasterOf(postgresFolder: string): number {
  return Number(readFileSync(join(postgresFolder, 'pgdata/postmaster.pid'), 'utf8').split('\n')[0]);
}
