import type { Input } from '../request/input.ts';
import type { Backend } from './backend.ts';
import { batchExecuteStatement } from './batch-execute-statement.ts';
import { executeStatement } from './execute-statement.ts';
import type { Operation } from './names.ts';
import {
  beginTransaction,
  commitTransaction,
  rollbackTransaction,
} from './transaction-operations.ts';

/** `gone` aborts when nobody waits for the answer any more. */
type Handler = (input: Input, backend: Backend, gone: AbortSignal) => Promise<object>;

export const HANDLERS: Readonly<Record<Operation, Handler>> = {
  ExecuteStatement: executeStatement,
  BatchExecuteStatement: batchExecuteStatement,
  BeginTransaction: beginTransaction,
  CommitTransaction: commitTransaction,
  RollbackTransaction: rollbackTransaction,
};
