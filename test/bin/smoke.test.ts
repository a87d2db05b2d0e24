import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { STOPPED } from '../../cli/run-command.ts';
import { smoke } from '../../cli/smoke/smoke.ts';
import { targetOf } from '../../cli/target/local.ts';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import type { Service } from '../../local/service/service.ts';
import { emptyTables, SELLERS } from '../helpers/empty-tables.ts';
import { startTestService } from '../helpers/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'order-analytics-smoke-'));
let service: Service;
let lock: { release(): void };
let proxy: Listening;
let owner: pg.Client;
/** What the proxy answers in place of the service: a status, or nothing at all. */
let fault: ((method: string, url: string) => number | 'cut' | undefined) | undefined;
beforeAll(async () => {
  service = await startTestService();
  lock = lockDataFolder(dataFolder(folder));
  proxy = await listenOnLoopback(createServer(pass), 0);
  const endpoints = { ...service.endpoints, api: proxy.endpoint };
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
  owner = new pg.Client(service.endpoints.postgres);
  await owner.connect();
  // Nobody waits until nothing can come any more by a key that has ended.
  await owner.query(`
    CREATE FUNCTION long_ago() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.revoked_at := NEW.revoked_at - interval '2 minutes'; RETURN NEW; END $$;
    CREATE TRIGGER long_ago BEFORE UPDATE OF revoked_at ON seller_keys
      FOR EACH ROW EXECUTE FUNCTION long_ago()`);
});
afterEach(async () => {
  fault = undefined;
  await emptyTables(owner, SELLERS);
});
afterAll(async () => {
  await owner.end();
  await proxy[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  lock.release();
  rmSync(folder, { recursive: true });
});

/** Passes requests on to the service, unless something is to happen to them. */
const pass: NonNullable<Parameters<typeof createServer>[1]> = async (incoming, outgoing) => {
  const { method = '', headers, url = '' } = incoming;
  const bytes = await buffer(incoming);
  const happens = fault?.(method, url);
  if (happens === 'cut') return void incoming.socket.destroy();
  if (happens !== undefined) {
    outgoing.writeHead(happens, { 'content-type': 'application/json' });
    return void outgoing.end('{"message":"Service Unavailable"}');
  }
  // The host is signed: the service sees the one that it was sent to.
  const onward = request(
    new URL(url, service.endpoints.api),
    { method, headers },
    async (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      outgoing.end(await buffer(answer));
    },
  );
  onward.end(bytes);
};

function spawnSmoke() {
  return spawn(process.execPath, ['bin/smoke.ts', '--data', folder], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run() {
  const child = spawnSmoke();
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, output, errors };
}

/** The same within this process, without pauses. */
async function runWith(happens: NonNullable<typeof fault>) {
  fault = happens;
  const lines: string[] = [];
  const target = targetOf({ ...service.endpoints, api: proxy.endpoint }, folder);
  const options = {
    target,
    of: { dataDir: folder },
    pausesMs: [0],
    say: (line: string) => lines.push(line),
  };
  const verdict = await smoke(options, new AbortController().signal);
  return { ...verdict, output: lines.join('\n') };
}

/** How many rows the database has of anything that a seller brings. */
async function rowsLeft(): Promise<number> {
  const { rows } = await owner.query(
    `SELECT sum(count)::integer AS count FROM (
       SELECT count(*) FROM users UNION ALL SELECT count(*) FROM orders
       UNION ALL SELECT count(*) FROM order_items UNION ALL SELECT count(*) FROM order_versions
       UNION ALL SELECT count(*) FROM uploads UNION ALL SELECT count(*) FROM seller_keys
       UNION ALL SELECT count(*) FROM daily_order_stats
     ) AS counts`,
  );
  return rows[0].count;
}

describe('npm run smoke', () => {
  it('tries a service by all that sellers and people do, and leaves nothing', async () => {
    const { code, output, errors } = await run();
    expect(output).toMatch(
      /^Trying the npm start on .* as the seller smoke-test-[0-9a-f]{12}\n(ok +\d+ ms {2}.+\n){16}All 15 steps work; nothing is left of the test\.\n$/,
    );
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(await rowsLeft()).toBe(0);
  });

  it('finds a cent too much in the statistics, tries the rest, and leaves nothing', async () => {
    await owner.query(`
      CREATE FUNCTION a_cent_more() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.total_revenue := NEW.total_revenue + 0.01; RETURN NEW; END $$;
      CREATE TRIGGER a_cent_more BEFORE INSERT ON daily_order_stats
        FOR EACH ROW WHEN (NEW.day = '2000-01-02') EXECUTE FUNCTION a_cent_more()`);
    const { code, output, errors } = await run();
    await owner.query('DROP FUNCTION a_cent_more CASCADE');
    expect(output).toMatch(/FAILED +\d+ ms {2}the statistics are right to the cent\n/);
    expect(output).toMatch(
      / {4}GET \/api\/orders\/stats\?user=(\S+) answered 200 \{"user":"\1","orders_count":3,"total_revenue":1234818\.00,.*\}\n {4}instead of \{"user":"\1","orders_count":3,"total_revenue":1234817\.99,/,
    );
    expect(output).toMatch(/ok +\d+ ms {2}the orders are read back as they were sent\n/);
    expect(errors).toMatch(
      /^5 of 15 steps failed, 0 were not tried; nothing is left of the test\.$/m,
    );
    expect(code).toBe(1);
    expect(await rowsLeft()).toBe(0);
  });

  it('removes what it has made when it is stopped', async () => {
    const child = spawnSmoke();
    const ended = once(child, 'close');
    let output = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk;
      if (/an upload stores/.test(output) && !child.killed) child.kill('SIGINT');
    }
    expect(await ended).toEqual([STOPPED, null]);
    expect(output).toContain('\nStopped: what was made is removed before this ends\nok ');
    expect(output).toMatch(
      /0 of 15 steps failed, \d+ were not tried; nothing is left of the test\.\n$/,
    );
    expect(await rowsLeft()).toBe(0);
  });

  it('says how to start a service where none runs', async () => {
    lock.release();
    const { code, output, errors } = await run();
    lock = lockDataFolder(dataFolder(folder));
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('start one');
  });
});

describe('smoke', () => {
  it('outlasts a database that wakes up', async () => {
    let calls = 0;
    const { works } = await runWith((_method, url) =>
      url === '/admin/api/keys' && calls++ === 0 ? 503 : undefined,
    );
    expect(works).toBe(true);
  });

  it('tries nothing more when the database is down, and says what may be left', async () => {
    const { works, verdict, output } = await runWith(() => 503);
    expect(output).toMatch(
      /FAILED +\d+ ms {2}a seller's key is made .*\n {4}503 Service Unavailable/,
    );
    expect({ works, verdict }).toEqual({
      works: false,
      verdict: expect.stringMatching(
        /^1 of 15 steps failed, 14 were not tried; the seller smoke-test-\w+ may be left\.$/,
      ),
    });
  });

  it('says how to remove what it could not, when the database goes down midway', async () => {
    let isDown = false;
    const { works, verdict, output } = await runWith((_method, url) => {
      isDown ||= url.startsWith('/api/orders/stats?user=smoke');
      return isDown ? 'cut' : undefined;
    });
    const [user] = /smoke-test-\w+/.exec(output) ?? [];
    expect(output).toContain(`Nothing answers at ${proxy.endpoint} (`);
    expect(works).toBe(false);
    expect(verdict).toContain(`; the seller ${user} may be left.`);
    expect(output).toContain(`npm run sellers -- erase --data ${folder} ${user}`);
  });

  it('ends the key when who runs it may not erase', async () => {
    const { works, output } = await runWith((_method, url) =>
      url === '/admin/api/sellers/erase' ? 403 : undefined,
    );
    expect(output).toContain('    403 Service Unavailable\n    Whoever deploys the npm start on ');
    const { rows } = await owner.query('DELETE FROM seller_keys RETURNING revoked_at');
    expect(rows).toEqual([{ revoked_at: expect.any(Date) }]);
    expect(works).toBe(false);
  });

  it('erases the seller when deleting fails for a moment', async () => {
    let calls = 0;
    const { works, output } = await runWith((_method, url) =>
      url === '/admin/api/sellers/erase' && calls++ === 0 ? 'cut' : undefined,
    );
    expect(output).toMatch(
      /ok +\d+ ms {2}the key and all that there was of the seller are removed$/,
    );
    expect(works).toBe(true);
    expect(await rowsLeft()).toBe(0);
  });

  it('finds an API that is open to strangers', async () => {
    const { works, output } = await runWith((_method, url) =>
      url === '/admin/orders' ? 200 : undefined,
    );
    expect(output).toContain('GET /admin/orders answered 200');
    expect(output).toContain('instead of 403');
    expect(works).toBe(false);
  });
});
