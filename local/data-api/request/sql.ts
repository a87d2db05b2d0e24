import { postgresError } from '../errors.ts';
import * as limits from '../limits.ts';
import type { Input } from './input.ts';

/** @throws {DataApiError} for U+0000, which would end the text on its way to PostgreSQL */
export function readSql(input: Input): string {
  const sql = input.requiredText('sql', { max: limits.SQL_CHARACTERS });
  if (sql.includes('\0'))
    throw postgresError('invalid byte sequence for encoding "UTF8": 0x00', '22021');
  return sql;
}

export function readTransactionId(input: Input): string | undefined {
  return input.text('transactionId', { max: limits.TRANSACTION_ID_CHARACTERS });
}
