import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Input } from '../request/input.ts';
import { bindParameters, readParameters } from '../request/parameters.ts';
import { readSql, readTransactionId } from '../request/sql.ts';
import { readTarget, refuseSchema } from '../request/target.ts';
import { type ExecuteStatementResponse, type ResultForm, toResponse } from '../results/result.ts';
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
  const target = readTarget(input);
  const sql = readSql(input);
  const options = {
    gone,
    transactionId: readTransactionId(input),
    continueAfterTimeout: input.flag('continueAfterTimeout'),
  };
  const parameters = readParameters(input, input.list('parameters'));
  const form = readForm(input);
  input.throwIfRefused();
  refuseSchema(input);
  if (parameters.length > MANY_PARAMETERS) await letOthersRun();
  const bound = bindParameters(sql, parameters);
  return callDatabase(backend, target, options, async (session) =>
    toResponse(session, backend.types, await session.run(bound, roomFor(form)), form),
  );
}

function readForm(input: Input): ResultForm {
  const options = input.object('resultSetOptions');
  const path = 'resultSetOptions';
  return {
    includeResultMetadata: input.flag('includeResultMetadata'),
    formatRecordsAs: input.choice('formatRecordsAs', ['NONE', 'JSON']) ?? 'NONE',
    decimalReturnType:
      options.choice(
        'decimalReturnType',
        ['STRING', 'DOUBLE_OR_LONG'],
        `${path}.decimalReturnType`,
      ) ?? 'STRING',
    longReturnType:
      options.choice('longReturnType', ['LONG', 'STRING'], `${path}.longReturnType`) ?? 'LONG',
  };
}
