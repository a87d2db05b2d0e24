import type { Input } from '../request/input.ts';
import type { Backend } from './backend.ts';
import { batchExecuteStatement } from './batch-execute-statement.ts';
import { executeStatement } from './execute-statement.ts';
import {
  beginTransaction,
  commitTransaction,
  rollbackTransaction,
} from './transaction-operations.ts';

export const OPERATIONS = [
  'ExecuteStatement',
  'BatchExecuteStatement',
  'BeginTransaction',
  'CommitTransaction',
  'RollbackTransaction',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The operation that a POST to a path asks for. `/ExecuteSql` was v1's. */
export const OPERATION_BY_PATH: ReadonlyMap<string, Operation> = new Map([
  ['/Execute', 'ExecuteStatement'],
  ['/BatchExecute', 'BatchExecuteStatement'],
  ['/BeginTransaction', 'BeginTransaction'],
  ['/CommitTransaction', 'CommitTransaction'],
  ['/RollbackTransaction', 'RollbackTransaction'],
]);

/** `gone` aborts when nobody waits for the answer any more. */
type Handler = (input: Input, backend: Backend, gone: AbortSignal) => Promise<object>;

export const HANDLERS: Readonly<Record<Operation, Handler>> = {
  ExecuteStatement: executeStatement,
  BatchExecuteStatement: batchExecuteStatement,
  BeginTransaction: beginTransaction,
  CommitTransaction: commitTransaction,
  RollbackTransaction: rollbackTransaction,
};
