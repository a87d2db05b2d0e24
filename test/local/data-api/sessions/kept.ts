import { afterAll, afterEach, beforeAll } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target } from '../stand-in.ts';

export interface Transaction {
  readonly transactionId: string;
}

/** Why a transaction is not found. */
export const EXPIRED = 'Transaction may be expired.';
export const FINISHED = 'One previous call resulted in a termination of your transaction.';
export const LOST = 'Transaction has been aborted due to an error from a previous call.';

export const ABORTED =
  'ERROR: current transaction is aborted, commands ignored until end of transaction block; SQLState: 25P02';

export const expectNotFound = (
  call: Promise<unknown>,
  { transactionId }: Transaction,
  cause: string,
) =>
  expectRefusal(
    call,
    'TransactionNotFoundException',
    `Transaction ${transactionId} is not found. ${cause}`,
  );

/** A stand-in with a table `kept`, which each test finds empty, and what is done to it. */
export function useKept() {
  let standIn: StandIn;
  beforeAll(async () => {
    standIn = await startStandIn();
    await standIn.pg.query('CREATE TABLE kept (id integer PRIMARY KEY)');
  });
  afterEach(() => standIn.pg.query('TRUNCATE kept'));
  afterAll(() => standIn.stop());
  return {
    get standIn() {
      return standIn;
    },
    insert: (id: number, transaction?: Transaction) =>
      standIn.execute(`INSERT INTO kept VALUES (${id})`, [], transaction),
    commit: (transaction: Transaction) =>
      standIn.client.commitTransaction({ ...target, ...transaction }),
    rollback: (transaction: Transaction) =>
      standIn.client.rollbackTransaction({ ...target, ...transaction }),
    kept: async () =>
      (await standIn.pg.query('SELECT id FROM kept ORDER BY id')).rows.map(({ id }) => id),
  };
}
