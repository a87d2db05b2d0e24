import { hash } from 'node:crypto';
import { addRow, type RowOf } from './array-literals.ts';
import { Cells } from './cells.ts';
import {
  LINE_COLUMNS,
  type SENT_ITEM_COLUMNS,
  type SENT_ORDER_COLUMNS,
  type UploadedOrder,
} from './order-columns.ts';

/** An order as it travels. */
export interface OrderRows {
  readonly order: RowOf<typeof SENT_ORDER_COLUMNS>;
  readonly lines: readonly RowOf<typeof SENT_ITEM_COLUMNS>[];
}

/** @param place the order's in its batch, from 1 on */
export function rowsOf(uploaded: UploadedOrder, place: number): OrderRows {
  const lines = uploaded.items.map((item, i) => ({ ...item, line_no: i + 1, place }));
  return {
    order: {
      ...uploaded,
      updated_at: uploaded.updated_at,
      items_digest: digestOf(lines),
      items_count: lines.length,
    },
    lines,
  };
}

/** Of one order after the other. */
const digested = new Cells();

/** SHA-256 of the items' cells, in base64. */
function digestOf(lines: OrderRows['lines']): string {
  digested.clear();
  for (const line of lines) addRow(digested, LINE_COLUMNS, line);
  return hash('sha256', digested.bytes, 'base64');
}
