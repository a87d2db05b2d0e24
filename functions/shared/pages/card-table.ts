import { type Html, html } from './html.ts';

/** A column: its head, and the cell that a row has in it. The first one names the row. */
export interface Column<Row> {
  readonly head: string;
  /** The head as it is shown, where it is more than its text. */
  readonly sort?: Html;
  /** Attributes of the head, such as `aria-sort`. */
  readonly attributes?: Html | false;
  /**
   * `num` stands to the right, `text` is what people wrote and may break within a word,
   * `wide` takes a line of its own on a card.
   */
  readonly kind?: 'num' | 'text' | 'wide';
  cell(row: Row): Html | string | number | readonly Html[];
}

/** A table of many columns; where they would not fit, each row is a card with their heads in it. */
export function cardTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Html {
  const [name, ...others] = columns;
  // What is laid out as a grid is no table any more to every browser: the roles say that it is.
  return html`<table class="cards" role="table">
  <caption class="hidden">${caption}</caption>
  <thead role="rowgroup"><tr role="row">${columns.map(
    ({ head, sort, kind, attributes }) =>
      html`<th scope="col" role="columnheader"${kind && html` class="${kind}"`}${attributes}>${sort ?? head}</th>`,
  )}</tr></thead>
  <tbody role="rowgroup">${rows.map(
    (row) => html`<tr role="row">
    <th scope="row" role="rowheader">${name?.cell(row)}</th>${others.map(
      ({ head, kind, cell }) => html`
    <td role="cell"${kind && html` class="${kind}"`} data-label="${head}">${cell(row)}</td>`,
    )}
  </tr>`,
  )}</tbody>
</table>`;
}
