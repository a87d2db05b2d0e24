import type { Input } from '../request/input.ts';
import { bindParameters } from '../request/parameters.ts';
import { readBatchExecuteStatement } from '../request/requests.ts';
import { type Backend, callDatabase } from './backend.ts';

export interface BatchExecuteStatementResponse {
  readonly updateResults: readonly { readonly generatedFields: readonly never[] }[];
}

/**
 * Runs a statement once for every set of parameters. Outside a transaction each run commits by
 * itself, so that a set that fails leaves the work of those before it.
 */
export async function batchExecuteStatement(
  input: Input,
  backend: Backend,
  gone: AbortSignal,
): Promise<BatchExecuteStatementResponse> {
  const { target, sql, parameterSets, transactionId } = readBatchExecuteStatement(input);
  const statements = parameterSets.map((set) => bindParameters(sql, set));
  await callDatabase(backend, target, { gone, transactionId }, async (session, signal) => {
    for (const statement of statements) {
      signal.throwIfAborted();
      backend.onStatement(session.login.username, statement);
      await session.run(statement);
    }
  });
  return { updateResults: statements.map(() => ({ generatedFields: [] })) };
}
