import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Input } from '../request/input.ts';
import { bindParameters } from '../request/parameters.ts';
import { readExecuteStatement } from '../request/requests.ts';
import { type ExecuteStatementResponse, toResponse } from '../results/result.ts';
import { roomFor } from '../results/size.ts';
import { type Backend, callDatabase } from './backend.ts';

/** From here on, reading and binding them takes milliseconds each. */
const MANY_PARAMETERS = 5_000;

/** Runs one statement and answers its rows or how many it changed. */
export async function executeStatement(
  input: Input,
  backend: Backend,
  gone: AbortSignal,
): Promise<ExecuteStatementResponse> {
  const { target, sql, parameters, form, ...options } = readExecuteStatement(input);
  if (parameters.length > MANY_PARAMETERS) await letOthersRun();
  const bound = bindParameters(sql, parameters);
  return callDatabase(backend, target, { gone, ...options }, async (session) => {
    backend.onStatement(session.login.username, bound);
    return toResponse(session, backend.types, await session.run(bound, roomFor(form)), form);
  });
}
