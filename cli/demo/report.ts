import { dayOf } from '../../db/days.ts';
import type { Demo } from './demo.ts';

/** The demo's figures, which the service says, and what to look at. */
export async function demoReport(api: string, { shops, year }: Demo): Promise<string> {
  const lines = [];
  for (const { shop, client } of shops) {
    const { orders_count, total_revenue, avg_order_value } = await client.stats();
    const [orders, revenue] = [String(orders_count).padStart(6), total_revenue.padStart(12)];
    lines.push(`  ${shop.seller.padEnd(14)}${orders} orders ${revenue}, ${avg_order_value} each`);
  }
  const [{ shop, key, notable } = raise()] = shops;
  const [from, to] = [dayOf(year.firstDayMs), dayOf(year.endMs)];
  const query = `user=${shop.seller}&from=${from}&to=${to}&granularity=month`;
  return `A year of ${shops.length} shops, up to ${dayOf(year.untilMs - 1)}:

${lines.join('\n')}

Read one shop's months:

curl '${api}/api/orders/stats/daily?${query}' -H "authorization: Bearer ${key}"

In the admin, search for
  ${notable.cancelled}    which was cancelled and counts for nothing
  ${notable.refunded}  by which a part of an order was paid back
  ${notable.corrected}    which was corrected months later: below are its former states
  ${notable.undone}    which an upload made a hundred times as dear, until that was undone
${notable.deleted} was deleted, and is nowhere but in what GET /api/orders/changes tells.
`;
}

function raise(): never {
  throw new Error('The demo has shops.');
}
