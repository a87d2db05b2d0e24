/** The row of a statement that answers one. */
export function onlyRow<TRow>({ rows: [row] }: { readonly rows: readonly TRow[] }): TRow {
  if (row === undefined) throw new Error('The statement answered no row.');
  return row;
}
