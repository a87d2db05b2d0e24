import type { Mapping } from './csv-mapping.ts';
import { orderOfRows } from './csv-order.ts';
import type { RowReader } from './csv-reader.ts';
import type { CsvRow } from './csv-rows.ts';
import type { FileOrder } from './file-order.ts';
import { InputError } from './input-error.ts';
import type { SeenNumbers } from './seen-numbers.ts';

/**
 * The orders of rows that come after a header: a row each where it has columns for several items,
 * else as many rows as have its number, or nothing of an order's own, and stand together.
 *
 * @param seen the orders before; `undefined` where it is known that no order's rows stand apart
 * @throws {InputError} where an order's rows stand apart: who sends it twice loses the first
 */
export async function* csvOrders(
  rows: AsyncIterable<CsvRow>,
  mapping: Mapping,
  reader: RowReader,
  seen: SeenNumbers | undefined,
): AsyncGenerator<FileOrder, void> {
  const hasItemsInRow = [...mapping.values()].some(
    (column) => 'places' in column && column.places.length > 1,
  );
  let group: CsvRow[] = [];
  let number: string | undefined;
  for await (const row of rows) {
    const own = reader.orderNumber(row);
    if (group.length > 0 && !hasItemsInRow && reader.hasNoOrder(row)) {
      group.push(row);
      continue;
    }
    if (group.length > 0 && (hasItemsInRow || own === '' || own !== number)) {
      yield orderOfRows(group, reader);
      group = [];
    }
    const isFirst = group.length === 0 && !hasItemsInRow && own !== '';
    if (isFirst && seen?.add(own) === false) {
      throw new InputError(
        `Line ${row.line}: order ${own} comes again, apart from its other rows. Sort the file by order number, so that an order's rows stand together.`,
      );
    }
    group.push(row);
    number = own;
  }
  if (group.length > 0) yield orderOfRows(group, reader);
}
