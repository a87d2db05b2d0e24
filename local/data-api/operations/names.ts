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
