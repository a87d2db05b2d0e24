import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { STOPPED } from '../../cli/run-command.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { orders } from '../helpers/orders.ts';
import { useCommandedService } from './commanded-service.ts';

const service = useCommandedService();
const { folder, lines, run } = service;

const keys = (args: readonly string[], env?: NodeJS.ProcessEnv) => run('keys', args, env);
const local = (...args: string[]) => keys([...args, '--data', folder]);
const sellers = (...args: string[]) => run('sellers', [...args, '--data', folder]);

async function stats(key: string, user: string): Promise<number> {
  const url = `${service.endpoints.api}/api/orders/stats?user=${encodeURIComponent(user)}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  await response.text();
  return response.status;
}

describe('npm run keys', () => {
  it('makes, lists, rotates and revokes the keys of a seller, whatever its name', async () => {
    const user = 'Чай/и?кофе #1';
    const created = await local('create', user, '--label', 'erp', '--scopes', 'stats:read');
    expect(created).toMatchObject({ code: 0, errors: '' });
    const [key = ''] = created.output.split('\n');
    const [, id = ''] = /^oa_test_([a-z0-9]{12})_[0-9a-f]{64}$/.exec(key) ?? [];
    expect(created.output).toContain('This is the only time that the key is shown.');
    expect(await stats(key, user)).toBe(200);

    const rotated = await local('rotate', id, '--overlap-hours', '1');
    const [newKey = ''] = rotated.output.split('\n');
    expect(rotated.output).toContain(`${id}, which it replaces, opens them until 20`);
    expect([await stats(key, user), await stats(newKey, user)]).toEqual([200, 200]);

    const [, newId = ''] = /^oa_test_([a-z0-9]{12})_/.exec(newKey) ?? [];
    const ended = await local('rotate', newId, '--overlap-hours', '0');
    expect(ended.output).toContain(
      `${newId}, which it replaces, opens nothing any more; within a minute also where it was just in use.`,
    );
    expect(ended.output).not.toContain(' until 20');

    const revoked = await local('revoke', id);
    expect(revoked.output).toContain(`${id} is revoked`);
    const { output: list } = await local('list', user);
    const instant = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    const [active, expired, dead, ...others] = list.trimEnd().split('\n\n');
    expect(active?.split('\n')).toEqual([
      expect.stringMatching(/^\w{12} {2}active {3}erp$/),
      '  stats:read',
      expect.stringMatching(new RegExp(`^  made ${instant}, never used$`)),
      '  does not end',
    ]);
    expect(expired?.split('\n')).toEqual([
      `${newId}  expired  erp`,
      '  stats:read',
      expect.stringMatching(new RegExp(`^  made ${instant}, used ${instant}–\\d\\d:00$`)),
      expect.stringMatching(new RegExp(`^  replaced by \\w{12}, ended ${instant}$`)),
    ]);
    expect(dead).toMatch(new RegExp(`\n  replaced by ${newId}, revoked ${instant}$`));
    expect(others).toEqual([]);
    expect(list).not.toContain(key.split('_')[3]);
  });

  it('lists the keys of all sellers, however many, in 80 columns', async () => {
    const [key = ''] = (
      await local('create', 'а'.repeat(50), '--label', 'x'.repeat(100))
    ).output.split('\n');
    const db = new pg.Client(service.endpoints.postgres);
    await db.connect();
    await db.query(`
      INSERT INTO users (username) VALUES ('many keys');
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
      SELECT 'many' || lpad(n::text, 8, '0'), u.id, 'erp', 'stats:read', sha256(''),
        '2999-01-01'::timestamptz + n * interval '1 minute'
      FROM users AS u, generate_series(1, 250) AS n WHERE username = 'many keys'`);
    await db.end();
    const { output } = await local('list');
    const lines = output.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +STATE +SELLER +LABEL +USED +ENDS$/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const many = lines.filter((line) => line.startsWith('many')).map((line) => line.slice(0, 12));
    expect(many).toEqual(
      Array.from({ length: 250 }, (_, i) => `many${String(i + 1).padStart(8, '0')}`),
    );
    const long = lines.find((line) => line.startsWith(key.split('_')[2] ?? '-'));
    expect(long).toMatch(/^\w{12} {2}active {3}а{17}… {2}x{12}… {2}never {6,}never$/);
    expect((await local('list', 'many keys')).output.match(/^many\d{8}/gm)).toHaveLength(250);
  });

  it.each([
    ['whole', (key: string) => key],
    ['with what stands around it', (key: string) => ` Bearer ${key}\n`],
    ['cut short', (key: string) => key.slice(0, -60)],
  ])('takes a key that is pasted %s by its id, and says its secret nowhere', async (_how, paste) => {
    const { output } = await local('create', 'paster');
    const [key = ''] = output.split('\n');
    const [, , id = '', secret = ''] = key.split('_');
    const rotated = await local('rotate', paste(key), '--overlap-hours', '1');
    const [newKey = ''] = rotated.output.split('\n');
    const revoked = await local('revoke', paste(key));
    expect(revoked).toEqual({
      code: 0,
      output: expect.stringMatching(
        new RegExp(`^${id} is revoked.*\nThe command held the old key`),
      ),
      errors: '',
    });
    expect([await stats(key, 'paster'), await stats(newKey, 'paster')]).toEqual([401, 200]);
    const said = [rotated, revoked].map(({ output, errors }) => output + errors).join();
    expect(said + lines.join()).not.toContain(secret.slice(0, 8));
    expect(lines.join()).toContain(`POST /admin/api/keys/${id}/revoke 200`);
  });

  it.each([
    ['a seller', ['create', 'KEY']],
    ['a seller to list', ['list', 'KEY']],
    ['a label', ['create', 'paster', '--label', 'for KEY']],
    ['a command', ['KEY', 'revoke']],
    ['an option', ['revoke', 'nothing00000', '--stage', 'KEY']],
    ['one of two ids', ['revoke', 'KEY', 'KEY']],
    ["a secret for a key's id", ['revoke', 'SECRET']],
    ['a part of one', ['rotate', 'PART']],
  ])('refuses a key as %s, and says it nowhere', async (_what, args) => {
    const secret = '0123456789abcdef'.repeat(4);
    const key = `oa_test_abcdefghijkl_${secret}`;
    lines.length = 0;
    const given = args.map((text) =>
      text.replace('KEY', key).replace('SECRET', secret).replace('PART', secret.slice(0, 16)),
    );
    const { code, output, errors } = await local(...given);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).not.toContain(secret.slice(0, 8));
    expect(lines).toEqual([]);
  });

  it('shows its arguments to nobody on this machine', async () => {
    const asked = Promise.withResolvers<void>();
    await using slow = await listenOnLoopback(
      createServer(() => asked.resolve()),
      0,
    );
    const elsewhere = join(folder, 'slow');
    mkdirSync(elsewhere);
    const held = lockDataFolder(dataFolder(elsewhere));
    const endpoints = { ...service.endpoints, api: slow.endpoint };
    writeFileSync(join(elsewhere, 'endpoints.json'), JSON.stringify(endpoints));
    const child = service.spawn('keys', [
      'revoke',
      'oa_test_abcdefghijkl_secret',
      '--data',
      elsewhere,
    ]);
    await asked.promise;
    const seen = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
    child.kill();
    held.release();
    expect(seen.replaceAll('\0', '')).toBe('order-analytics keys');
  });

  it('finds a deployed stage by its stack, and signs with the credentials of the environment', async () => {
    const { code, output } = await keys(['create', 'deployed', '--stage', 'production'], {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_CLOUDFORMATION: service.cloudFormation,
    });
    expect(service.askedStacks).toEqual(['DescribeStacks order-analytics-production-api']);
    expect(code).toBe(0);
    expect(await stats(output.split('\n')[0]!, 'deployed')).toBe(200);
  });

  it('says what API Gateway says to strangers', async () => {
    const { code, errors } = await keys(['list', 'x', '--stage', 'dev'], {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'stranger',
      AWS_SECRET_ACCESS_KEY: 'stranger',
      AWS_ENDPOINT_URL_CLOUDFORMATION: service.cloudFormation,
    });
    expect({ code, errors }).toEqual({ code: 1, errors: '403 Forbidden\n' });
  });

  it.each([
    ['a seller that there is not', ['list', 'nobody'], '404 There is no such seller.\n'],
    ['a key that there is not', ['revoke', 'nothing'], '404 There is no such key.\n'],
    [
      'a scope and a date that there are not',
      ['create', 's', '--scopes', 'all', '--expires', 'soon'],
      '400 The request does not fit.\n  /scopes/0 Must be of orders:write, orders:read, stats:read.\n  /expires_at Must be an instant such as 2027-01-01T00:00:00Z.\n',
    ],
    [
      'no command',
      ['drop', 'tables'],
      'There is no command drop; npm run keys -- --help shows the commands.\n',
    ],
    [
      'a misspelt command',
      ['lsit', 'x'],
      'There is no command lsit. Did you mean list? npm run keys -- --help shows the commands.\n',
    ],
  ])('refuses %s in words', async (_what, args, errors) => {
    expect(await local(...args)).toEqual({ code: 1, output: '', errors });
  });

  it('says how to start a service where none runs', async () => {
    const { code, errors } = await keys(['list', 'x', '--data', join(folder, 'nothing')]);
    expect(code).toBe(1);
    expect(errors).toContain('start one');
  });
});

describe('npm run sellers', () => {
  /** A seller with orders, and a key that opens doors. */
  async function makeSeller(user: string, count: number): Promise<string> {
    const [key = ''] = (await local('create', user)).output.split('\n');
    const response = await fetch(`${service.endpoints.api}/api/orders/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ user, orders: orders(count, 'n') }),
    });
    expect(await response.json()).toMatchObject({ orders_created: count });
    return key;
  }

  /** As if all keys had been revoked two minutes ago. */
  async function passTime(): Promise<void> {
    const db = new pg.Client(service.endpoints.postgres);
    await db.connect();
    await db.query(`UPDATE seller_keys SET revoked_at = now() - interval '2 minutes'`);
    await db.end();
  }

  it('erases a seller, can be stopped, and says how to go on', async () => {
    const user = "Чай & 'кофе'";
    const key = await makeSeller(user, 3);
    const child = service.spawn('sellers', ['erase', user, '--confirm', user, '--data', folder]);
    const ended = once(child, 'close');
    let output = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk;
      if (/follow in \d+ s/.test(output) && !child.killed) child.kill('SIGINT');
    }
    expect(await ended).toEqual([STOPPED, null]);
    expect(output).toContain(
      `has of ${user}:\n  3 orders, together 7500.00\n  1 key, of which 1 opens doors\n`,
    );
    expect(output).toContain(`\nStopped. 3 orders of ${user} are deleted for good`);
    const [, line = ''] = /To erase the rest: npm run sellers -- (.*)\n$/.exec(output) ?? [];
    expect(line).toBe(`erase --data ${folder} 'Чай & '\\''кофе'\\'''`);

    await passTime();
    expect(await sellers('erase', user, '--confirm', user)).toEqual({
      code: 0,
      output: expect.stringContaining(
        `\n${user} is erased: 0 orders with 0 items, 0 former versions, 0 receipts, 1 key\n`,
      ),
      errors: '',
    });
    expect(await stats(key, user)).not.toBe(200);
    const again = await sellers('erase', user, '--confirm', user);
    expect(again).toEqual({ code: 1, output: '', errors: '404 There is no such seller.\n' });
  });

  it.each([
    ['without a terminal', ['erase', 'paster'], 'Nobody can be asked here: '],
    ['with another name', ['erase', 'paster', '--confirm', 'Paster'], '--confirm has another name'],
    ['as told what it does not know', ['earse', 'paster'], 'There is no command earse. Did you'],
    ['of nobody', ['erase', '--confirm', 'paster'], 'A command and one seller are needed'],
  ])('erases nothing %s', async (_how, args, errors) => {
    lines.length = 0;
    expect(await sellers(...args)).toEqual({
      code: 1,
      output: '',
      errors: expect.stringContaining(errors),
    });
    expect(lines).toEqual([]);
  });

  it('names the policy that a stranger lacks', async () => {
    const args = ['erase', 'paster', '--confirm', 'paster', '--stage', 'dev'];
    const { code, output, errors } = await run('sellers', args, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'stranger',
      AWS_SECRET_ACCESS_KEY: 'stranger',
      AWS_ENDPOINT_URL_CLOUDFORMATION: service.cloudFormation,
    });
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toBe(
      '403 Forbidden\nWhoever deploys dev in us-east-1 may attach its policy AdminPolicy to you.\n',
    );
  });
});
