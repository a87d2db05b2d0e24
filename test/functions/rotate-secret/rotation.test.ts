import { randomUUID } from 'node:crypto';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../../cli/keys/seller-key.ts';
import type { LocalFunction } from '../../../local/cloud-assembly/model.ts';
import type { Service } from '../../../local/service/service.ts';
import { startTestService } from '../../helpers/service.ts';

const log: string[] = [];
let service: Service;
let client: SecretsManager;
let db: pg.Client;
let headers: { authorization: string };
let stats: { secretArn: string; rotation: LocalFunction };
beforeAll(async () => {
  service = await startTestService({ functionLog: (line) => log.push(line) });
  const { secretsManager: endpoint, dataApi, credentials, postgres } = service.endpoints;
  client = new SecretsManager({ endpoint, region: dataApi.region, credentials });
  db = new pg.Client(postgres);
  await db.connect();
  headers = await keyHeader(service.endpoints, 'test_seller');
  const fn = service.app.functions.find(
    ({ environment }) => environment.POWERTOOLS_SERVICE_NAME === 'stats',
  );
  const secretArn = fn?.environment.DATABASE_SECRET_ARN ?? '';
  const rotation = service.app.rotations.find((one) => one.secretArn === secretArn);
  if (!rotation) throw new Error("The statistics' secret is not rotated.");
  stats = { secretArn, rotation: rotation.function };
});
afterAll(async () => {
  client.destroy();
  await db.end();
  await service[Symbol.asyncDispose]();
});

const current = async (): Promise<{ username: string; password: string }> =>
  JSON.parse((await client.getSecretValue({ SecretId: stats.secretArn })).SecretString ?? '');

/** Asks for statistics, and answers the status. */
async function ask(): Promise<number> {
  const url = `${service.endpoints.api}/api/orders/stats?user=test_seller`;
  const response = await fetch(url, { headers });
  await response.text();
  return response.status;
}

const currentVersion = async () =>
  (await client.getSecretValue({ SecretId: stats.secretArn })).VersionId;

/** Puts a value by hand, which becomes the current one. */
const put = (SecretString: string) =>
  client.putSecretValue({ SecretId: stats.secretArn, SecretString });

const dropPending = (version: string | undefined) =>
  client.updateSecretVersionStage({
    SecretId: stats.secretArn,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: version,
  });

const otherThan = ({ username }: { username: string }) =>
  username === 'stats_1' ? 'stats_2' : 'stats_1';

/** Asks for a rotation while one is not complete: that one is tried again. */
async function rotateAgain(): Promise<void> {
  await expect(client.rotateSecret({ SecretId: stats.secretArn })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
  await service.secretsManager.settled();
}

/** What a rotation begins with: its version, which has no value yet. */
function begin(): string {
  const token = randomUUID();
  service.secretsManager.begin(stats.secretArn, token);
  return token;
}

async function step(Step: string, ClientRequestToken: string) {
  const { secretArn: SecretId, rotation } = stats;
  const invocation = await service.invoke(rotation, { SecretId, ClientRequestToken, Step });
  if (!invocation.ok) throw new Error(invocation.error.errorMessage);
}

/** The steps that went well, as the function's log has them. */
const stepsIn = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('secret rotation went a step on'))
    .map((line) => JSON.parse(line).step);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

async function logIn({ username: user, password }: { username: string; password: string }) {
  const { hostname: host, port, pathname } = new URL(service.endpoints.postgres);
  const database = pathname.slice(1);
  const one = new pg.Client({ host, port: Number(port), database, user, password });
  await one.connect();
  return one;
}

/** Whether PostgreSQL lets a login in with its password. */
async function opens(login: { username: string; password: string }): Promise<boolean> {
  try {
    await (await logIn(login)).end();
    return true;
  } catch {
    return false;
  }
}

describe("rotating a role's secret", () => {
  it('gives it the other login with a new password, while the one in use stays valid', async () => {
    const before = await current();
    expect(await ask()).toBe(200);
    const token = begin();
    for (const name of STEPS) {
      await step(name, token);
      expect([name, await ask()]).toEqual([name, 200]);
      expect([name, await opens(before)]).toEqual([name, true]);
    }
    const after = await current();
    expect([before.username, after.username].sort()).toEqual(['stats_1', 'stats_2']);
    expect(await opens(after)).toBe(true);

    await ask(); // as the new login
    const { rows } = await db.query('SELECT FROM pg_stat_activity WHERE usename = $1', [
      after.username,
    ]);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('ends the password before last', async () => {
    const first = await current();
    await service.secretsManager.rotate(stats.secretArn);
    expect(await opens(first)).toBe(true);
    await service.secretsManager.rotate(stats.secretArn);
    expect((await current()).username).toBe(first.username);
    expect(await opens(first)).toBe(false);
    expect(await ask()).toBe(200);
  });

  it('does no harm when each step runs again, and after the end', async () => {
    const token = begin();
    for (const name of STEPS) {
      await step(name, token);
      const pending = await client.getSecretValue({
        SecretId: stats.secretArn,
        VersionId: token,
      });
      await step(name, token);
      const again = await client.getSecretValue({ SecretId: stats.secretArn, VersionId: token });
      expect(again.SecretString).toBe(pending.SecretString);
    }
    const after = await current();
    for (const name of STEPS) await step(name, token);
    expect(await current()).toEqual(after);
    expect(await ask()).toBe(200);
  });

  it.each([0, 1, 2, 3])('goes on with one that ended behind %i of its steps', async (done) => {
    const before = await current();
    const ended = begin();
    for (const name of STEPS.slice(0, done)) await step(name, ended);
    expect(await current()).toEqual(before);
    expect(await ask()).toBe(200);

    await rotateAgain();
    const after = await current();
    expect(await currentVersion()).toBe(ended);
    expect(after.username).not.toBe(before.username);
    expect(await opens(after)).toBe(true);
    expect(await opens(before)).toBe(true);
  });

  const FAILURES: Record<string, (other: string) => [broken: () => unknown, fixed: () => unknown]> =
    {
      createSecret: () => {
        const held = current();
        const broken = async () => {
          const before = await currentVersion(); // of which a rotation has left AWSPENDING
          await put(`no JSON, ${(await held).password}`);
          await dropPending(before);
        };
        return [broken, async () => put(JSON.stringify(await held))];
      },
      setSecret: (other) => [
        () => db.query(`ALTER ROLE ${other} RENAME TO elsewhere`),
        () => db.query(`ALTER ROLE elsewhere RENAME TO ${other}`),
      ],
      testSecret: (other) => [
        () => db.query(`REVOKE stats FROM ${other}`),
        () => db.query(`GRANT stats TO ${other}`),
      ],
      finishSecret: () => [
        () => db.query('REVOKE CONNECT ON DATABASE order_analytics FROM stats'),
        () => db.query('GRANT CONNECT ON DATABASE order_analytics TO stats'),
      ],
    };

  it.each(
    Object.entries(FAILURES),
  )('is done by the next try when %s has failed', async (name, failure) => {
    const before = await current();
    const [broken, fixed] = failure(otherThan(before));
    await broken();
    const from = log.length;
    const { VersionId: token } = await client.rotateSecret({ SecretId: stats.secretArn });
    await service.secretsManager.settled();
    expect(stepsIn(log.slice(from))).toEqual(STEPS.slice(0, STEPS.indexOf(name)));
    expect(await currentVersion()).not.toBe(token);
    await rotateAgain(); // and fails again
    expect(await currentVersion()).not.toBe(token);
    await fixed();
    expect(await current()).toEqual(before);
    expect(await ask()).toBe(200);

    await rotateAgain();
    expect(await currentVersion()).toBe(token);
    expect(await opens(await current())).toBe(true);
    expect(await opens(before)).toBe(true);
    expect(await ask()).toBe(200);
  });

  it.each([
    'createSecret',
    'setSecret',
    'testSecret',
  ])('is given up by %s when the login that is to come is in use by now', async (name) => {
    const token = begin();
    for (const earlier of ['createSecret', 'setSecret']) await step(earlier, token);
    const pending = await client.getSecretValue({ SecretId: stats.secretArn, VersionId: token });
    await put(pending.SecretString ?? '');
    const before = await current();
    await expect(step(name, token)).rejects.toThrow('its rotation is given up');
    expect(await current()).toEqual(before);
    expect(await opens(before)).toBe(true);
    await expect(step(name, token)).rejects.toThrow('not of a rotation that has begun');

    const { VersionId } = await client.rotateSecret({ SecretId: stats.secretArn });
    await service.secretsManager.settled();
    expect(await currentVersion()).toBe(VersionId);
    expect(await opens(await current())).toBe(true);
    expect(await ask()).toBe(200);
  });

  it('lets its function in again when the login in use has changed its own password', async () => {
    const before = await current();
    const itself = await logIn(before);
    await itself.query(`ALTER ROLE ${before.username} PASSWORD 'changed by itself'`);
    await itself.end();
    await db.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1`,
      [before.username],
    );
    expect(await ask()).toBe(500);

    await client.rotateSecret({ SecretId: stats.secretArn });
    await service.secretsManager.settled();
    expect(await current()).not.toMatchObject({ username: before.username });
    expect(await ask()).toBe(200);
    await service.secretsManager.rotate(stats.secretArn);
    expect(await opens({ username: before.username, password: 'changed by itself' })).toBe(false);
    expect(await ask()).toBe(200);
  });

  it('is over when its version is no longer to come, and the next begins anew', async () => {
    const before = await current();
    const token = begin();
    for (const name of ['createSecret', 'setSecret']) await step(name, token);
    await dropPending(token);
    for (const name of STEPS) {
      await expect(step(name, token)).rejects.toThrow('not of a rotation that has begun');
    }
    const { VersionId } = await client.rotateSecret({ SecretId: stats.secretArn });
    await service.secretsManager.settled();
    expect(await currentVersion()).toBe(VersionId);
    expect(await opens(before)).toBe(true);
  });

  it('is undone when it ended before the test of its last step, and the test fails', async () => {
    const [before, version] = [await current(), await currentVersion()];
    const token = begin();
    for (const name of ['createSecret', 'setSecret']) await step(name, token);
    const switchOver = () =>
      client.updateSecretVersionStage({
        SecretId: stats.secretArn,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: token,
        RemoveFromVersionId: version,
      });
    await switchOver();
    await db.query(`ALTER ROLE ${otherThan(before)} PASSWORD 'changed by somebody'`);
    await expect(step('finishSecret', token)).rejects.toThrow('password authentication failed');
    expect(await current()).toEqual(before);

    for (const name of STEPS) await step(name, token);
    expect(await currentVersion()).toBe(token);
    await step('finishSecret', token);
    expect(await currentVersion()).toBe(token);
  });

  it.each([
    ['half a secret', '{"username":"stats_1","password":"a-password-cut-sho'],
    ['a password alone', 'a-password-alone'],
    ['null', 'null'],
    ['a number for a password', '{"username":"stats_1","password":1234567890123}'],
    ["a stranger's login", '{"username":"a-stranger","password":"a-password-of-his"}'],
  ])('tells nobody what it holds where that is %s', async (_what, text) => {
    const held = JSON.stringify(await current());
    await put(text);
    const messages: string[] = [];
    const migrate = service.app.triggers[0]?.function;
    if (!migrate) throw new Error('The deploy runs no function.');
    const rotated = await service.invoke(stats.rotation, {
      SecretId: stats.secretArn,
      ClientRequestToken: begin(),
      Step: 'createSecret',
    });
    for (const invocation of [rotated, await service.invoke(migrate, {})]) {
      if (invocation.ok) throw new Error('It was taken.');
      messages.push(invocation.error.errorMessage);
    }
    expect(await ask()).toBe(500);
    await put(held);
    expect(messages).toEqual(
      Array(2).fill(`The secret ${stats.secretArn} holds no login of a role.`),
    );
    const part = text.slice(-12); // an error of JSON.parse quotes some of the text
    for (const quoted of text === 'null' ? [] : [text, part, text.slice(0, 10)]) {
      expect(log.filter((line) => line.includes(quoted))).toEqual([]);
    }
    await rotateAgain();
    expect(await ask()).toBe(200);
  });

  it('lets no migration take the login of another role from a secret', async () => {
    const held = JSON.stringify(await current());
    await put('{"username":"upload_1","password":"a-password-of-mine"}');
    const migrate = service.app.triggers[0]?.function;
    if (!migrate) throw new Error('The deploy runs no function.');
    const invocation = await service.invoke(migrate, {});
    await put(held);
    if (invocation.ok) throw new Error('It was taken.');
    expect(invocation.error.errorMessage).toMatch(
      new RegExp(`^The secrets .* and ${stats.secretArn} hold logins of one role, upload\\.$`),
    );
  });

  it('leaves the current login in use when the new one does not work', async () => {
    const before = await current();
    const token = begin();
    for (const name of ['createSecret', 'setSecret']) await step(name, token);
    const other = otherThan(before);
    await db.query(`ALTER ROLE ${other} PASSWORD 'changed by somebody'`);
    await expect(step('finishSecret', token)).rejects.toThrow(/password authentication failed/);
    expect(await current()).toEqual(before);

    await db.query(`ALTER ROLE ${other} NOLOGIN`);
    await expect(step('testSecret', token)).rejects.toThrow(`The login ${other} has not its role.`);
    await db.query(`ALTER ROLE ${other} LOGIN`);
    expect(await ask()).toBe(200);
    await rotateAgain();
  });

  it('is done for every role, also when it is asked for over the API, and logs no password', async () => {
    expect(service.app.rotations.map(({ secretArn }) => secretArn).sort()).toEqual(
      service.secretsManager.credentials
        .filter(({ username }) => username !== 'postgres')
        .map(({ secretArn }) => secretArn)
        .sort(),
    );
    const { VersionId } = await client.rotateSecret({ SecretId: stats.secretArn });
    await service.secretsManager.settled();
    expect((await client.getSecretValue({ SecretId: stats.secretArn })).VersionId).toBe(VersionId);
    const owner = service.endpoints.dataApi.secretArn;
    await expect(client.rotateSecret({ SecretId: owner })).rejects.toThrow('No Lambda rotation');

    const passwords = service.secretsManager.credentials.map(({ password }) => password);
    expect(log.some((line) => line.includes('secret rotation went a step on'))).toBe(true);
    for (const password of passwords) {
      expect(log.filter((line) => line.includes(password))).toEqual([]);
    }
  });
});
