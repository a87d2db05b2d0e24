import { hash } from 'node:crypto';
import { addRow, type RowOf } from './array-literals.ts';
import { Cells } from './cells.ts';
import { LINE_COLUMNS, type SENT_ORDER_COLUMNS, type UploadedOrder } from './order-columns.ts';

/** An order as it travels. */
export interface OrderRows {
  readonly order: RowOf<typeof SENT_ORDER_COLUMNS>;
  /** Its items, without their order's place. */
  readonly lines: readonly RowOf<typeof LINE_COLUMNS>[];
}

export function rowsOf(uploaded: UploadedOrder): OrderRows {
  const lines = uploaded.items.map((item, i) => ({ ...item, line_no: i + 1 }));
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

/** SHA-256 of the items' cells, in base64. */
function digestOf(lines: OrderRows['lines']): string {
  const cells = new Cells();
  for (const line of lines) addRow(cells, LINE_COLUMNS, line);
  return hash('sha256', cells.bytes, 'base64');
}
