import type { RDSData } from '@aws-sdk/client-rds-data';
import type pg from 'pg';
import type { DatabaseAddress } from '../db/data-api/connect.ts';

/** Accounts between which money moves; what they hold together never changes. */
export const CREATE_ACCOUNTS = `
  CREATE TABLE accounts AS SELECT id, 100 AS amount FROM generate_series(1, 1000) AS id;
  ALTER TABLE accounts ADD PRIMARY KEY (id);
  CREATE TABLE transfers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, from_id int, to_id int)`;

export type TransferEnd = 'committed' | 'rolled back' | 'failed and rolled back';

/**
 * One transaction of five or six calls. Every fifth is rolled back, every seventh fails first.
 *
 * @param n which transfer this is
 */
export async function transfer(
  client: RDSData,
  address: DatabaseAddress,
  n: number,
): Promise<TransferEnd> {
  const { transactionId } = await client.beginTransaction(address);
  const transaction = { ...address, transactionId };
  const execute = (sql: string, values: Record<string, number> = {}) =>
    client.executeStatement({
      ...{ ...transaction, sql },
      parameters: Object.entries(values).map(([name, longValue]) => ({
        ...{ name, value: { longValue } },
      })),
    });
  // The lower number first, so that two transfers never wait for each other.
  const [low, high] = [((n * 7) % 500) + 1, ((n * 13) % 500) + 501];
  const change = 'UPDATE accounts SET amount = amount + :by WHERE id = :id RETURNING amount';
  await execute(change, { by: -1, id: low });
  await execute(change, { by: 1, id: high });
  await execute('INSERT INTO transfers (from_id, to_id) VALUES (:low, :high)', { low, high });
  if (n % 7 === 0) {
    const failure = await execute('SELECT 1 / 0').catch(({ name }) => name);
    if (failure !== 'DatabaseErrorException') throw new Error(`1 / 0 did not fail: ${failure}`);
    await client.rollbackTransaction(transaction);
    return 'failed and rolled back';
  }
  if (n % 5 === 0) {
    await client.rollbackTransaction(transaction);
    return 'rolled back';
  }
  await client.commitTransaction(transaction);
  return 'committed';
}

export interface Totals {
  readonly amount: number;
  readonly transfers: number;
  readonly sessions: number;
  readonly busy_sessions: number;
}

/** What there is when all transfers have ended; sessions are given a moment to become idle. */
export async function totals(admin: pg.Client): Promise<Totals> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await admin.query<Totals>(SELECT_TOTALS);
    const [found] = rows;
    if (found && (found.busy_sessions === 0 || attempt === 1_000)) return found;
  }
}

const SELECT_TOTALS = `
  SELECT (SELECT sum(amount)::int FROM accounts) AS amount,
    (SELECT count(*)::int FROM transfers) AS transfers,
    count(*)::int AS sessions,
    (count(*) FILTER (WHERE state <> 'idle'))::int AS busy_sessions
  FROM pg_stat_activity
  WHERE application_name = 'data-api' AND datname = current_database()`;
