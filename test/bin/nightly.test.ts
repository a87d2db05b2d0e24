import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { STOPPED } from '../../cli/run-command.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { writeEndpoints } from '../../local/service/endpoints.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { type Service, startService } from '../../local/service/service.ts';
import { prepareDataFolder, useDataFolder } from '../helpers/data-folder.ts';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/free-port.ts';
import { TestClock } from '../helpers/test-clock.ts';

const data = useDataFolder();

/** What `npm run nightly` prints, and how it ends. */
async function nightly(...args: string[]) {
  const child = spawn(process.execPath, ['bin/nightly.ts', ...args], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, lines: output.trimEnd().split('\n'), errors };
}

/** The same of one that gets a Ctrl-C after its first progress. */
async function stoppedNightly(...args: string[]) {
  const child = spawn(process.execPath, ['bin/nightly.ts', ...args], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let isStopped = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (!isStopped && output.includes(' days, next ')) isStopped = child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  return { code, lines: output.trimEnd().split('\n') };
}

/** Gives a seller an order that the roll-up does not know. */
async function plantDrift({ endpoints }: Service, number: string, day: string) {
  const db = new pg.Client(endpoints.postgres);
  await db.connect();
  await db.query(
    `WITH u AS (
       INSERT INTO users (username) VALUES ('seller')
       ON CONFLICT (username) DO UPDATE SET username = 'seller' RETURNING id
     )
     INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
     SELECT id, $1, $2::timestamptz, 12.50, 'paid', '' FROM u`,
    [number, `${day}T10:00:00Z`],
  );
  await db.end();
}

/** The day that the nightly job computes next, and when it does. */
function nextNight(nowMs: number) {
  const quarterPast = 15 * 60_000; // by the schedule: 00:15 UTC
  const day = new Date(nowMs - quarterPast).toISOString().slice(0, 10);
  return { day, endsAt: new Date(Date.parse(day) + 86_400_000 + quarterPast).toISOString() };
}

const period = ['--from', '2025-01-01', '--to', '2025-02-01'];

describe('npm run nightly, and the schedule of npm start', () => {
  it('compute days through the running service, or one that is started for it', async () => {
    prepareDataFolder(data);
    const lock = lockDataFolder(data);
    const clock = new TestClock();
    const service = await startService({
      dataDir: data.folder,
      clock,
      scheduled: true,
      settings: { fsync: 'off' },
    });
    try {
      writeEndpoints(data.endpoints, service.endpoints);
      await plantDrift(service, '1', '2025-01-20');
      const { code, lines, errors } = await nightly(...period, '--data', data.folder);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(lines[0]).toContain(`process ${process.pid}`);
      expect(lines[1]).toBe(`${'░'.repeat(30)} 0 of 31 days, next 2025-01-01`);
      expect(lines.at(-2)).toBe(`${'█'.repeat(30)} 31 of 31 days, 1 row repaired`);
      expect(lines.at(-1)).toMatch(/^31 days computed from the orders, 1 row repaired, in /);
      expect(service.eventBus.events).toHaveLength(31);

      const decades = ['--from', '1970-01-01', '--to', '2025-01-01', '--data', data.folder];
      const stopped = await stoppedNightly(...decades);
      const next = / days, next (\S+)/.exec(stopped.lines.at(-4) ?? '')?.[1];
      expect(stopped.code).toBe(130);
      expect(stopped.lines.slice(-3)).toEqual([
        expect.stringMatching(/^\d+ days? computed from the orders, 0 rows repaired, in [\d.]+ s$/),
        'The rest:',
        `npm run nightly -- --from ${next} --to 2025-01-01 --data ${data.folder}`,
      ]);

      const { day, endsAt } = nextNight(clock.now());
      await plantDrift(service, '2', day);
      await clock.goTo(endsAt);
      await eventually(() => expect(service.eventBus.events.at(-1)?.detail).toMatchObject({ day }));
      expect(service.eventBus.events.at(-1)?.detail).toMatchObject({
        day,
        orders_count: 1,
        total_revenue: '12.50',
        kind: 'night',
      });
      await plantDrift(service, '3', '2025-01-20');
    } finally {
      await service[Symbol.asyncDispose]();
      lock.release();
    }
    writeEndpoints(data.endpoints, service.endpoints); // as one that was killed leaves it

    const { code, lines, errors } = await nightly(...period, '--data', data.folder);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(lines[0]).toBe(`Starting what it needs on ${data.folder}`);
    expect(lines.at(-1)).toMatch(/^31 days computed from the orders, 1 row repaired, in /);
    expect(existsSync(data.pid)).toBe(false);
    rmSync(data.endpoints);
  });

  it('says that the running service has gone, and how to go on', async () => {
    prepareDataFolder(data);
    const lock = lockDataFolder(data);
    const lambda = `http://127.0.0.1:${await freePort()}`;
    writeFileSync(data.endpoints, JSON.stringify({ lambda, pid: process.pid }));
    const { code, errors } = await nightly(...period, '--data', data.folder);
    lock.release();
    expect([code, errors]).toEqual([
      1,
      `The npm start on ${data.folder} is gone (ECONNREFUSED).
The rest:
npm run nightly -- ${period.join(' ')} --data ${data.folder}
`,
    ]);
  });

  it('ends when it is told to although the running service does not answer', async () => {
    prepareDataFolder(data);
    const lock = lockDataFolder(data);
    await using silent = await listenOnLoopback(createServer(), 0);
    const endpoints = { lambda: silent.endpoint, pid: process.pid };
    writeFileSync(data.endpoints, JSON.stringify(endpoints));
    const { code, lines } = await stoppedNightly(...period, '--data', data.folder);
    lock.release();
    expect(code).toBe(STOPPED);
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^0 days computed from the orders, 0 rows repaired, in [\d.]+ s$/),
      'The rest:',
      `npm run nightly -- ${period.join(' ')} --data ${data.folder}`,
    ]);
  });

  it('says in a line what is wrong with its options', async () => {
    const { code, errors } = await nightly('--from', '2025-02-30', '--to', '2025-03-01');
    expect(code).toBe(1);
    expect(errors).toBe('--from 2025-02-30: it must be an existing day such as 2025-11-12.\n');
  });
});
