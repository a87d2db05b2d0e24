import { describe, expect, it } from 'vitest';
import { ofStats, otherThan, STEPS, stepsIn, useRotation } from './rotation.ts';

const rotation = useRotation({ secretOf: ofStats });
const { ask, begin, current, currentVersion, dropPending, invokeStep, log, logIn } = rotation;
const { migrate, opens, put, query, rotate, rotateAgain, step, textOf } = rotation;

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
    const { rows } = await query('SELECT FROM pg_stat_activity WHERE usename = $1', [
      after.username,
    ]);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('ends the password before last', async () => {
    const first = await current();
    await rotation.service.secretsManager.rotate(rotation.secretArn);
    expect(await opens(first)).toBe(true);
    await rotation.service.secretsManager.rotate(rotation.secretArn);
    expect((await current()).username).toBe(first.username);
    expect(await opens(first)).toBe(false);
    expect(await ask()).toBe(200);
  });

  it('does no harm when each step runs again, and after the end', async () => {
    const token = begin();
    for (const name of STEPS) {
      await step(name, token);
      const pending = await textOf(token);
      await step(name, token);
      expect(await textOf(token)).toBe(pending);
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
        () => query(`ALTER ROLE ${other} RENAME TO elsewhere`),
        () => query(`ALTER ROLE elsewhere RENAME TO ${other}`),
      ],
      testSecret: (other) => [
        () => query(`REVOKE stats FROM ${other}`),
        () => query(`GRANT stats TO ${other}`),
      ],
      finishSecret: () => [
        () => query('REVOKE CONNECT ON DATABASE order_analytics FROM stats'),
        () => query('GRANT CONNECT ON DATABASE order_analytics TO stats'),
      ],
    };

  it.each(
    Object.entries(FAILURES),
  )('is done by the next try when %s has failed', async (name, failure) => {
    const before = await current();
    const [broken, fixed] = failure(otherThan(before));
    await broken();
    const from = log.length;
    const token = await rotate();
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
    await put(await textOf(token));
    const before = await current();
    await expect(step(name, token)).rejects.toThrow('its rotation is given up');
    expect(await current()).toEqual(before);
    expect(await opens(before)).toBe(true);
    await expect(step(name, token)).rejects.toThrow('not of a rotation that has begun');

    const version = await rotate();
    expect(await currentVersion()).toBe(version);
    expect(await opens(await current())).toBe(true);
    expect(await ask()).toBe(200);
  });

  it('lets its function in again when the login in use has changed its own password', async () => {
    const before = await current();
    const itself = await logIn(before);
    await itself.query(`ALTER ROLE ${before.username} PASSWORD 'changed by itself'`);
    await itself.end();
    await query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1`, [
      before.username,
    ]);
    expect(await ask()).toBe(500);

    await rotate();
    expect(await current()).not.toMatchObject({ username: before.username });
    expect(await ask()).toBe(200);
    await rotation.service.secretsManager.rotate(rotation.secretArn);
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
    const version = await rotate();
    expect(await currentVersion()).toBe(version);
    expect(await opens(before)).toBe(true);
  });

  it('is undone when it ended before the test of its last step, and the test fails', async () => {
    const [before, version] = [await current(), await currentVersion()];
    const token = begin();
    for (const name of ['createSecret', 'setSecret']) await step(name, token);
    const switchOver = () =>
      rotation.client.updateSecretVersionStage({
        SecretId: rotation.secretArn,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: token,
        RemoveFromVersionId: version,
      });
    await switchOver();
    await query(`ALTER ROLE ${otherThan(before)} PASSWORD 'changed by somebody'`);
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
    const rotated = await invokeStep('createSecret', begin());
    for (const invocation of [rotated, await migrate()]) {
      if (invocation.ok) throw new Error('It was taken.');
      messages.push(invocation.error.errorMessage);
    }
    expect(await ask()).toBe(500);
    await put(held);
    expect(messages).toEqual(
      Array(2).fill(`The secret ${rotation.secretArn} holds no login of a role.`),
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
    const invocation = await migrate();
    await put(held);
    if (invocation.ok) throw new Error('It was taken.');
    expect(invocation.error.errorMessage).toMatch(
      new RegExp(`^The secrets .* and ${rotation.secretArn} hold logins of one role, upload\\.$`),
    );
  });

  it('leaves the current login in use when the new one does not work', async () => {
    const before = await current();
    const token = begin();
    for (const name of ['createSecret', 'setSecret']) await step(name, token);
    const other = otherThan(before);
    await query(`ALTER ROLE ${other} PASSWORD 'changed by somebody'`);
    await expect(step('finishSecret', token)).rejects.toThrow(/password authentication failed/);
    expect(await current()).toEqual(before);

    await query(`ALTER ROLE ${other} NOLOGIN`);
    await expect(step('testSecret', token)).rejects.toThrow(`The login ${other} has not its role.`);
    await query(`ALTER ROLE ${other} LOGIN`);
    expect(await ask()).toBe(200);
    await rotateAgain();
  });

  it('is done for all, also when it is asked for over the API, and logs no password', async () => {
    expect(rotation.service.app.rotations.map(({ secretArn }) => secretArn).sort()).toEqual(
      rotation.service.secretsManager.credentials.map(({ secretArn }) => secretArn).sort(),
    );
    const version = await rotate();
    expect(await currentVersion()).toBe(version);

    const passwords = rotation.service.secretsManager.credentials.map(({ password }) => password);
    expect(log.some((line) => line.includes('secret rotation went a step on'))).toBe(true);
    for (const password of passwords) {
      expect(log.filter((line) => line.includes(password))).toEqual([]);
    }
  });
});
