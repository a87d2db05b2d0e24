/** What an upload says of its orders. */
export const counts = (created: number, updated: number, unchanged: number) => ({
  orders_created: created,
  orders_updated: updated,
  orders_unchanged: unchanged,
});
