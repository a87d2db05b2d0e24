import { DataApiError } from '../errors.ts';
import * as limits from '../limits.ts';
import type { ResultForm } from '../results/result.ts';
import type { SqlParameter } from '../wire.ts';
import type { Input } from './input.ts';
import { readParameters } from './parameters.ts';
import { readSql, readTransactionId } from './sql.ts';
import { readTarget, refuseSchema, type Target } from './target.ts';

// What each operation is asked for, as plain values. A request is read as a whole before anything
// is done: all its members that AWS's model refuses are named together.

export interface ExecuteStatementRequest {
  readonly target: Target;
  readonly transactionId: string | undefined;
  readonly continueAfterTimeout: boolean;
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  readonly form: ResultForm;
}

export interface BatchExecuteStatementRequest {
  readonly target: Target;
  readonly transactionId: string | undefined;
  readonly sql: string;
  readonly parameterSets: readonly (readonly SqlParameter[])[];
}

export interface BeginTransactionRequest {
  readonly target: Target;
}

/** Of a commit or a rollback. */
export interface EndTransactionRequest {
  readonly target: Target;
  readonly transactionId: string;
}

export function readExecuteStatement(input: Input): ExecuteStatementRequest {
  return whole(input, {
    target: readTarget(input),
    sql: readSql(input),
    transactionId: readTransactionId(input),
    continueAfterTimeout: input.flag('continueAfterTimeout'),
    parameters: readParameters(input, input.list('parameters')),
    form: readForm(input),
  });
}

export function readBatchExecuteStatement(input: Input): BatchExecuteStatementRequest {
  const request = whole(input, {
    target: readTarget(input),
    sql: readSql(input),
    transactionId: readTransactionId(input),
    parameterSets: input.list('parameterSets').map((set) => readParameters(input, asList(set))),
  });
  if (request.parameterSets.length > 0) return request;
  throw new DataApiError('ValidationException', 'The batch has no parameter sets.');
}

export function readBeginTransaction(input: Input): BeginTransactionRequest {
  return whole(input, { target: readTarget(input) });
}

export function readEndTransaction(input: Input): EndTransactionRequest {
  const target = readTarget(input);
  const max = limits.TRANSACTION_ID_CHARACTERS;
  const transactionId = input.requiredText('transactionId', { max });
  input.throwIfRefused();
  return { target, transactionId };
}

/** What was read, when nothing of it was refused. */
function whole<Request>(input: Input, request: Request): Request {
  input.throwIfRefused();
  refuseSchema(input);
  return request;
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

function asList(set: unknown): readonly unknown[] {
  if (Array.isArray(set)) return set;
  throw new DataApiError('SerializationException', 'A parameter set is a list.');
}
