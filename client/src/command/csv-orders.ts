import type { Mapping } from './csv-mapping.ts';
import { orderOfRows } from './csv-order.ts';
import type { RowReader } from './csv-reader.ts';
import type { CsvRow } from './csv-rows.ts';
import type { FileOrder } from './file-order.ts';
import { InputError } from './input-error.ts';
import type { SeenNumbers } from './seen-numbers.ts';

/** Of rows that are held until an order's last: some more than those of 16 MiB of JSON take. */
const MAX_HELD_BYTES = 384 * 2 ** 20;

/** What a row takes: its text, its values with what each has of its own, and the rest. */
const heldBytes = ({ raw, record }: CsvRow) => 2 * raw.length + 32 * record.length + 512;

/**
 * The orders of rows that come after a header: a row each where it has columns for several items,
 * else as many rows as have its number, or nothing of an order's own, and stand together.
 *
 * @param seen the orders before; `undefined` where it is known that no order's rows stand apart
 * @throws {InputError} where an order's rows stand apart: who sends it twice loses the first; or
 * where they do not end, as those of a column that is no order's number
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
  let bytes = 0;
  for await (const row of rows) {
    const own = reader.orderNumber(row);
    const isSame = () => (own !== '' && own === number) || reader.hasNoOrder(row);
    if (group.length === 0 || hasItemsInRow || !isSame()) {
      if (group.length > 0) yield orderOfRows(group, reader);
      if (!hasItemsInRow && own !== '' && seen?.add(own) === false) {
        throw new InputError(
          `Line ${row.line}: order ${own} comes again, apart from its other rows. Sort the file by order number, so that an order's rows stand together.`,
        );
      }
      group = [];
      number = own;
      bytes = 0;
    }
    group.push(row);
    bytes += heldBytes(row);
    if (bytes > MAX_HELD_BYTES) {
      throw new InputError(
        `Line ${group[0]?.line}: order ${number} has more rows than can be held, line ${row.line} is still one of them. Is another column its number? --map order_number=TITLE says which.`,
      );
    }
  }
  if (group.length > 0) yield orderOfRows(group, reader);
}
