import { DataApiError } from '../errors.ts';
import type { Session } from '../postgres/session.ts';
import type { Input } from '../request/input.ts';
import { readBeginTransaction, readEndTransaction } from '../request/requests.ts';
import { loginOf } from '../request/target.ts';
import { start, withPooledSession } from '../sessions/running.ts';
import type { Backend } from './backend.ts';

const begin = (session: Session) => session.run({ text: 'BEGIN', values: [] });

/** Opens a transaction in a session of its own. */
export async function beginTransaction(
  input: Input,
  { account, clock, pool, transactions }: Backend,
  gone: AbortSignal,
): Promise<{ transactionId: string }> {
  const { target } = readBeginTransaction(input);
  return withPooledSession(pool, loginOf(target, account), gone, async (session) => {
    try {
      await start(session, { clock, gone }, begin).done;
      gone.throwIfAborted(); // nobody would ever learn its id
    } catch (error) {
      await pool.release(session);
      throw error;
    }
    return { transactionId: transactions.add(session) };
  });
}

/** Runs also when its caller goes: what was asked last is to be done. */
export async function commitTransaction(
  input: Input,
  backend: Backend,
): Promise<{ transactionStatus: string }> {
  const { id, username } = readEnd(input, backend);
  await backend.transactions.commit(id, { username });
  return { transactionStatus: 'Transaction Committed' };
}

export async function rollbackTransaction(
  input: Input,
  backend: Backend,
): Promise<{ transactionStatus: string }> {
  const { id, username } = readEnd(input, backend);
  await backend.transactions.rollback(id, { username });
  return { transactionStatus: 'Rollback Complete' };
}

function readEnd(input: Input, { account }: Backend) {
  const { target, transactionId: id } = readEndTransaction(input);
  return { id, username: refusedAsNotFound(() => loginOf(target, account)).username };
}

/**
 * What `find` finds; these two operations have an exception of their own for whatever it refuses.
 */
function refusedAsNotFound<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof DataApiError)) throw error;
    throw new DataApiError('NotFoundException', error.message, {}, { cause: error });
  }
}
