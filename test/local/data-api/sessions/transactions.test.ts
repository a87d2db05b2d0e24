import { describe, expect, it } from 'vitest';
import { expectRefusal, target } from '../stand-in.ts';
import { ABORTED, EXPIRED, expectNotFound, FINISHED, useKept } from './kept.ts';

const test = useKept();

describe('a transaction', () => {
  it.each([
    'ExecuteStatement',
    'BatchExecuteStatement',
    'CommitTransaction',
    'RollbackTransaction',
  ])('that nobody began is not found by %s', async (operation) => {
    const unknown = { ...target, transactionId: 'AQ==' };
    const calls: Record<string, () => Promise<unknown>> = {
      ExecuteStatement: () => test.standIn.execute('SELECT 1', [], unknown),
      BatchExecuteStatement: () =>
        test.standIn.client.batchExecuteStatement({
          ...unknown,
          sql: 'SELECT 1',
          parameterSets: [[]],
        }),
      CommitTransaction: () => test.commit(unknown),
      RollbackTransaction: () => test.rollback(unknown),
    };
    const call = calls[operation]?.() ?? Promise.resolve();
    await expectNotFound(call, unknown, EXPIRED);
    await call.catch(({ $metadata }) => expect($metadata.httpStatusCode).toBe(404));
  });

  it('has an opaque id of base64, 192 characters at the most', async () => {
    const { transactionId } = await test.standIn.begin();
    expect(transactionId).toMatch(/^[A-Za-z0-9+/]{40,190}={0,2}$/);
  });

  it('is seen by others when it commits, and not before', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    expect(await test.kept()).toEqual([]);
    expect(await test.commit(transaction)).toMatchObject({
      transactionStatus: 'Transaction Committed',
    });
    expect(await test.kept()).toEqual([1]);
  });

  it('is forgotten when it rolls back, DDL included', async () => {
    const transaction = await test.standIn.begin();
    await test.standIn.execute('CREATE TABLE passing (id integer)', [], transaction);
    expect(await test.rollback(transaction)).toMatchObject({
      transactionStatus: 'Rollback Complete',
    });
    expect(await test.standIn.column("SELECT to_regclass('passing') IS NULL")).toEqual([true]);
  });

  it.each([
    ['committed', test.commit],
    ['rolled back', test.rollback],
  ])('is not found once it is %s', async (_how, finish) => {
    const transaction = await test.standIn.begin();
    await finish(transaction);
    await expectNotFound(test.insert(1, transaction), transaction, FINISHED);
    await expectNotFound(test.commit(transaction), transaction, FINISHED);
    await expectNotFound(test.rollback(transaction), transaction, FINISHED);
  });

  it('stays aborted after a statement failed, and commits nothing', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    await expect(test.insert(1, transaction)).rejects.toThrow('SQLState: 23505');
    await expectRefusal(test.insert(2, transaction), 'DatabaseErrorException', ABORTED);
    await expectRefusal(test.commit(transaction), 'DatabaseErrorException', ABORTED);
    await expectNotFound(test.rollback(transaction), transaction, FINISHED);
    expect(await test.kept()).toEqual([]);
  });

  it('goes on from a savepoint after a statement failed', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    await test.standIn.execute('SAVEPOINT here', [], transaction);
    await expect(test.insert(1, transaction)).rejects.toThrow('SQLState: 23505');
    await test.standIn.execute('ROLLBACK TO here', [], transaction);
    await test.insert(2, transaction);
    await test.commit(transaction);
    expect(await test.kept()).toEqual([1, 2]);
  });

  it('refuses a second call while one runs, which goes on', async () => {
    const transaction = await test.standIn.begin();
    const blocker = await test.standIn.begin();
    await test.standIn.execute('LOCK TABLE kept', [], blocker);
    const first = test.insert(1, transaction);
    await test.standIn.untilRunning('INSERT INTO kept');
    const BUSY = 'Transaction is still running a query';
    await expectRefusal(test.insert(2, transaction), 'DatabaseErrorException', BUSY);
    await expectRefusal(test.commit(transaction), 'DatabaseErrorException', BUSY);
    await test.rollback(blocker);
    await first;
    await test.commit(transaction);
    expect(await test.kept()).toEqual([1]);
  });

  it('has its settings and its temporary tables to itself', async () => {
    const transaction = await test.standIn.begin();
    await test.standIn.execute("SET LOCAL application_name = 'mine'", [], transaction);
    expect(await test.standIn.column('SHOW application_name', transaction)).toEqual(['mine']);
    expect(await test.standIn.column('SHOW application_name')).toEqual(['data-api']);
    await test.rollback(transaction);
  });

  it('cannot be used in another database', async () => {
    const transaction = await test.standIn.begin();
    await expectRefusal(
      test.standIn.execute('SELECT 1', [], { ...transaction, database: 'postgres' }),
      'ValidationException',
      'The database is not that of the transaction.',
    );
    await test.rollback(transaction);
  });

  it('refuses a schema when it begins', () =>
    expectRefusal(
      test.standIn.client.beginTransaction({ ...target, schema: 'public' }),
      'ValidationException',
      "The schema parameter isn't supported",
    ));
});
