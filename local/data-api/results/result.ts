import type { FieldDef } from 'pg';
import type { Session } from '../postgres/session.ts';
import type { StatementResult } from '../postgres/statement.ts';
import type { TypeCatalog } from '../postgres/types.ts';
import type { ColumnMetadata, Field, ResultOptions } from '../wire.ts';
import { describeColumns } from './columns.ts';
import { formatRecords, formattedTooLarge } from './formatted.ts';
import { decodeRecords } from './records.ts';
import { checkResultSize, resultTooLarge } from './size.ts';

export interface ResultForm extends ResultOptions {
  readonly formatRecordsAs: 'NONE' | 'JSON';
  readonly includeResultMetadata: boolean;
}

/** The body of ExecuteStatement's answer. */
export interface ExecuteStatementResponse {
  readonly records?: readonly (readonly Field[])[];
  readonly columnMetadata?: readonly ColumnMetadata[];
  readonly formattedRecords?: string;
  readonly numberOfRecordsUpdated: number;
  readonly generatedFields?: readonly Field[];
}

/**
 * The answer to a statement: rows where it returns rows, otherwise a count. Clients tell the two
 * apart by what is absent.
 *
 * @throws {DataApiError} UnsupportedResultException
 */
export async function toResponse(
  session: Session,
  types: TypeCatalog,
  result: StatementResult,
  form: ResultForm,
): Promise<ExecuteStatementResponse> {
  const { columns } = result;
  if (!columns) return { numberOfRecordsUpdated: countOf(result.tag), generatedFields: [] };
  if (result.isTruncated)
    throw form.formatRecordsAs === 'JSON' ? formattedTooLarge() : resultTooLarge();
  return {
    ...(await rowsOf(session, types, { ...result, columns }, form)),
    numberOfRecordsUpdated: 0,
  };
}

async function rowsOf(
  session: Session,
  catalog: TypeCatalog,
  { columns, rows }: StatementResult & { columns: readonly FieldDef[] },
  form: ResultForm,
): Promise<Pick<ExecuteStatementResponse, 'records' | 'columnMetadata' | 'formattedRecords'>> {
  const oids = columns.map(({ dataTypeID }) => dataTypeID);
  const types = oids.map(await catalog.find(session, oids));
  if (form.formatRecordsAs === 'JSON')
    return { formattedRecords: formatRecords(columns, decodeRecords(types, rows, form)) };
  checkResultSize(types, rows);
  const records = [...decodeRecords(types, rows, form)];
  if (!form.includeResultMetadata) return { records };
  return { records, columnMetadata: await describeColumns(session, columns, types) };
}

/** `INSERT 0 2` is 2. Of the commands that count rows, only these change them. */
function countOf(tag: string): number {
  const [, count] = /^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/.exec(tag) ?? [];
  return Number(count ?? 0);
}
