import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ofOwner, STEPS, useRotation } from './rotation.ts';

const rotation = useRotation({ secretOf: ofOwner });
const { ask, begin, current, currentVersion, dropPending, log, migrate, opens } = rotation;
const { put, query, rotate, rotateAgain, step, textOf } = rotation;

/** Which the stand-in for the Data API keeps, so that it has to log in again. */
const endOtherSessions = () =>
  query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE usename = 'postgres' AND pid <> pg_backend_pid()`,
  );

async function passwordFile(): Promise<string> {
  const { rows } = await query('SHOW data_directory');
  return join(rows[0].data_directory, '../password');
}

describe("rotating the owner's secret", () => {
  it('gives it a new password, and leaves the old one good until the last step', async () => {
    const before = await current();
    const token = begin();
    for (const name of STEPS.slice(0, -1)) {
      await step(name, token);
      expect([name, await opens(before)]).toEqual([name, true]);
    }
    await step('finishSecret', token);
    const after = await current();
    expect(after.username).toBe('postgres');
    expect([await opens(after), await opens(before)]).toEqual([true, false]);
    expect([(await migrate()).ok, await ask()]).toEqual([true, 200]);
  });

  it('keeps what RDS has put into it beside', async () => {
    const before = await currentVersion(); // of which a rotation has left AWSPENDING
    await put(JSON.stringify({ engine: 'postgres', ...(await current()), port: 5432 }));
    await dropPending(before);
    await rotate();
    expect(await current()).toMatchObject({ engine: 'postgres', port: 5432 });
    expect(await opens(await current())).toBe(true);
  });

  it('does no harm when each step runs again, and after the end', async () => {
    const token = begin();
    for (const name of STEPS) {
      await step(name, token);
      const pending = await textOf(token);
      await step(name, token);
      expect(await textOf(token)).toBe(pending);
    }
    for (const name of STEPS) await step(name, token);
    expect(await currentVersion()).toBe(token);
    expect(await opens(await current())).toBe(true);
  });

  it('is done by the next try when one ended between the password and the secret', async () => {
    const token = begin();
    for (const name of STEPS.slice(0, -1)) await step(name, token);
    const { password } = JSON.parse(await textOf(token));
    await query(`ALTER ROLE postgres PASSWORD '${password}'`);
    await endOtherSessions();
    expect(await opens(await current())).toBe(false);
    expect(await ask()).toBe(200); // functions are roles

    await rotateAgain();
    expect(await currentVersion()).toBe(token);
    expect(await opens(await current())).toBe(true);
    expect((await migrate()).ok).toBe(true);
  });

  it('fails, and says so, when somebody else has changed the password', async () => {
    const before = await current();
    const token = begin();
    for (const name of STEPS.slice(0, -1)) await step(name, token);
    await query("ALTER ROLE postgres PASSWORD 'changed by somebody'");
    await endOtherSessions();
    await expect(step('finishSecret', token)).rejects.toThrow('password authentication failed');

    // As the runbook says.
    await put(JSON.stringify({ ...before, password: 'changed by somebody' }));
    await dropPending(token);
    await rotate();
    expect(await opens(await current())).toBe(true);
  });

  it('is given up when its user is another by now, and tells nobody what it holds', async () => {
    const held = await current();
    const token = begin();
    await step('createSecret', token);
    await put(JSON.stringify({ ...held, username: 'somebody' }));
    await expect(step('setSecret', token)).rejects.toThrow(
      'does not hold a new password of somebody: its rotation is given up',
    );
    await put('{"username":"stats_1","password":"a-password-of-a-role"}');
    const another = begin();
    await expect(step('createSecret', another)).rejects.toThrow('holds no login of the owner.');
    await dropPending(another);
    await put(JSON.stringify(held));
    expect(log.filter((line) => line.includes('a-password-of-a-role'))).toEqual([]);
  });

  it('has the new password kept for the next start before PostgreSQL has it', async () => {
    const token = begin();
    await step('createSecret', token);
    const passwords = [JSON.parse(await textOf(token)), await current()].map((one) => one.password);
    const kept = readFileSync(await passwordFile(), 'utf8').split('\n');
    expect(kept).toEqual(expect.arrayContaining(passwords));
    await rotateAgain();
    for (const password of passwords) {
      expect(log.filter((line) => line.includes(password))).toEqual([]);
    }
  });

  it('changes nothing where the new password cannot be kept', async () => {
    const before = await current();
    const inTheWay = `${await passwordFile()}.unfinished`; // as a full disk is
    mkdirSync(inTheWay);
    await rotate();
    expect(await current()).toEqual(before);
    expect(await opens(before)).toBe(true);

    rmdirSync(inTheWay);
    await rotateAgain();
    expect(await opens(before)).toBe(false);
    expect(await opens(await current())).toBe(true);
  });
});
