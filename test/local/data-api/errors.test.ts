import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterArn, secretArn } from '../../../local/aws/account.ts';
import { expectRefusal, type StandIn, startStandIn, target } from './stand-in.ts';

const arn = { cluster: clusterArn, secret: secretArn };

let standIn: StandIn;
let roles: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query('CREATE TABLE kept (id integer CONSTRAINT kept_pk PRIMARY KEY)');
  const { host, port } = standIn.pg;
  const role = `reader_${standIn.database}`;
  await standIn.pg.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
  roles = await startStandIn({
    postgres: { host, port },
    named: standIn.database,
    secrets: [
      { secretArn: target.secretArn, username: role, password: 'right' },
      { secretArn: arn.secret('rds!cluster-1/owner'), username: role, password: 'right' },
      { secretArn: arn.secret('wrong'), username: role, password: 'wrong' },
      { secretArn: arn.secret('empty'), username: role, password: '' },
      { secretArn: arn.secret('other'), username: 'other', password: 'right' },
    ],
  });
});
afterAll(async () => {
  await roles.stop();
  await standIn.pg.query(`DROP ROLE reader_${standIn.database}`);
  await standIn.stop();
});

describe("PostgreSQL's errors", () => {
  it.each([
    ['SELECT * FROM  missing', 'relation "missing" does not exist; Position: 16; SQLState: 42P01'],
    [
      'INSERT INTO kept VALUES (1), (1)', // PostgreSQL has a Detail here, the Data API none
      'duplicate key value violates unique constraint "kept_pk"; SQLState: 23505',
    ],
    [
      "SELECT '0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55'::uuid = 'a'::text",
      'operator does not exist: uuid = text; Hint: No operator matches the given name and argument ' +
        'types. You might need to add explicit type casts.; Position: 53; SQLState: 42883',
    ],
    ['SELECT 1 / 0', 'division by zero; SQLState: 22012'],
  ])('come with Hint, Position and SQLState where they exist: %s', async (sql, text) => {
    await expectRefusal(standIn.execute(sql), 'DatabaseErrorException', `ERROR: ${text}`);
  });

  it('count positions in the SQL as it was rewritten', () =>
    expectRefusal(
      standIn.execute('SELECT :long_name, missing', [
        { name: 'long_name', value: { longValue: 1 } },
      ]),
      'DatabaseErrorException',
      'ERROR: column "missing" does not exist; Position: 12; SQLState: 42703',
    ));

  it.each([
    ['cannot_connect_now', '57P03'],
    ['admin_shutdown', '57P01'],
    ['crash_shutdown', '57P02'],
    ['connection_failure', '08006'],
    ['too_many_connections', '53300'],
    ['invalid_catalog_name', '3D000'],
  ])('are those of a statement also where it says %s, after which its session goes on', async (name, state) => {
    const transaction = await standIn.begin();
    await standIn.execute('SAVEPOINT here', [], transaction);
    await expectRefusal(
      standIn.execute(`DO $$BEGIN RAISE ${name} USING MESSAGE = 'a'; END$$`, [], transaction),
      'DatabaseErrorException',
      `ERROR: a; SQLState: ${state}`,
    );
    await standIn.execute('ROLLBACK TO here', [], transaction);
    await standIn.client.rollbackTransaction({ ...target, ...transaction });
  });

  it.each([
    ['cannot insert multiple commands into a prepared statement', '42601'],
    ['Connection terminated', '08006'],
  ])('are those of a statement also with the text of another: %s', (text, state) =>
    expectRefusal(
      standIn.execute(`DO $$BEGIN RAISE '${text}' USING ERRCODE = '${state}'; END$$`),
      'DatabaseErrorException',
      `ERROR: ${text}; SQLState: ${state}`,
    ));

  it('refuse U+0000 in SQL', () =>
    expectRefusal(
      standIn.execute("SELECT 'a\0b'"),
      'DatabaseErrorException',
      'ERROR: invalid byte sequence for encoding "UTF8": 0x00; SQLState: 22021',
    ));
});

describe('a database', () => {
  it('that does not exist is refused in the words of PostgreSQL', () =>
    expectRefusal(
      standIn.execute('SELECT 1', [], { database: 'missing' }),
      'DatabaseErrorException',
      'ERROR: database "missing" does not exist; SQLState: 3D000',
    ));

  it('is the one that is named like the user when none is named', async () => {
    await expectRefusal(
      roles.execute('SELECT 1', [], { database: undefined }),
      'DatabaseErrorException',
      `ERROR: database "reader_${standIn.database}" does not exist; SQLState: 3D000`,
    );
    const asked = 'SELECT current_database() = current_user';
    expect(await standIn.column(asked, { database: undefined })).toEqual([true]);
  });
});

describe('a cluster', () => {
  it('that is unknown has no Data API', () =>
    expectRefusal(
      standIn.execute('SELECT 1', [], { resourceArn: arn.cluster('missing') }),
      'HttpEndpointNotEnabledException',
      `HttpEndpoint is not enabled for resource ${arn.cluster('missing')}`,
    ));
});

describe('a secret', () => {
  it('that is unknown cannot be found', () =>
    expectRefusal(
      standIn.execute('SELECT 1', [], { secretArn: arn.secret('missing') }),
      'SecretsErrorException',
      "Secrets Manager can't find the specified secret.",
    ));

  it('is found by its name too, and not by a part of it', async () => {
    const byName = { secretArn: 'rds!cluster-1/owner' };
    expect(await roles.column('SELECT 1', byName)).toEqual([1]);
    for (const secretArn of ['rds!cluster-1', 'rds!cluster-1/owner-AbCdEf'])
      await expect(roles.execute('SELECT 1', [], { secretArn })).rejects.toMatchObject({
        name: 'SecretsErrorException',
      });
  });

  it('without a password is invalid', () =>
    expectRefusal(
      roles.execute('SELECT 1', [], { secretArn: arn.secret('empty') }),
      'InvalidSecretException',
      'The secret has no username or no password.',
    ));

  it('with a wrong password is refused by PostgreSQL', () =>
    expectRefusal(
      roles.execute('SELECT 1', [], { secretArn: arn.secret('wrong') }),
      'DatabaseErrorException',
      `FATAL: password authentication failed for user "reader_${standIn.database}"; SQLState: 28P01`,
    ));

  it('is a role, which may do what PostgreSQL lets it', async () => {
    expect(await roles.column('SELECT current_user')).toEqual([`reader_${standIn.database}`]);
    await expectRefusal(
      roles.execute('SELECT * FROM kept'),
      'DatabaseErrorException',
      'ERROR: permission denied for table kept; SQLState: 42501',
    );
  });

  it('of another role does not find a transaction', async () => {
    const transaction = await roles.begin();
    const asOther = { ...target, ...transaction, secretArn: arn.secret('other') };
    const message = `Transaction ${transaction.transactionId} is not found. Transaction may be expired.`;
    for (const call of [
      roles.execute('SELECT 1', [], asOther),
      roles.client.commitTransaction(asOther),
    ])
      await expectRefusal(call, 'TransactionNotFoundException', message);
    await roles.client.rollbackTransaction({ ...target, ...transaction });
  });

  it.each([
    ['secretArn', arn.secret('missing')],
    ['resourceArn', arn.cluster('missing')],
  ])('or a cluster that is unknown is NotFoundException where a transaction ends: %s', async (...[
    member,
    value,
  ]) => {
    const unknown = { ...target, [member]: value, transactionId: 'AQ==' };
    const notFound = { name: 'NotFoundException', $metadata: { httpStatusCode: 404 } };
    await expect(roles.client.commitTransaction(unknown)).rejects.toMatchObject(notFound);
    await expect(roles.client.rollbackTransaction(unknown)).rejects.toMatchObject(notFound);
  });
});
