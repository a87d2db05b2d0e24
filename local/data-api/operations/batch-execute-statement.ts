import { DataApiError } from '../errors.ts';
import type { Input } from '../request/input.ts';
import { bindParameters, readParameters } from '../request/parameters.ts';
import { readSql, readTransactionId } from '../request/sql.ts';
import { readTarget, refuseSchema } from '../request/target.ts';
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
  const target = readTarget(input);
  const sql = readSql(input);
  const transactionId = readTransactionId(input);
  const sets = input.list('parameterSets').map((set) => readParameters(input, asList(set)));
  input.throwIfRefused();
  refuseSchema(input);
  if (sets.length === 0)
    throw new DataApiError('ValidationException', 'The batch has no parameter sets.');
  const statements = sets.map((set) => bindParameters(sql, set));
  await callDatabase(backend, target, { gone, transactionId }, async (session, signal) => {
    for (const statement of statements) {
      signal.throwIfAborted();
      await session.run(statement);
    }
  });
  return { updateResults: sets.map(() => ({ generatedFields: [] })) };
}

function asList(set: unknown): readonly unknown[] {
  if (Array.isArray(set)) return set;
  throw new DataApiError('SerializationException', 'A parameter set is a list.');
}
