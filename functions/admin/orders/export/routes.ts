import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { lookUp } from '../../../../db/admin/lookup.ts';
import { countOrders, isCountable } from '../../../../db/admin/order-counts.ts';
import type { Database } from '../../../../db/schema.ts';
import { asking } from '../../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../../shared/pages/context.ts';
import { Problem } from '../../../shared/problem.ts';
import { exportOrders } from './export.ts';
import { EXPORT_FORMATS } from './format.ts';
import { type ExportInput, placeText, readExportInput } from './input.ts';
import { attachment, exportName } from './name.ts';

/** `GET /admin/orders.csv` and `.ndjson` answer a filter's orders, or their items, as a file. */
export function addExports(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  for (const extension of ['csv', 'ndjson'] as const) {
    app.get(`/admin/orders.${extension}`, async (c) => {
      const { searchParams } = new URL(c.req.url);
      const input = readExportInput(searchParams, extension);
      refuse(input);
      const [found, part] = await Promise.all([
        input.after ? {} : foundHeaders(c, db, input),
        exportOrders(db, input, {
          asking: (ask) => asking(c, ask),
          isLate: () => c.env.context.getRemainingTimeInMillis() < LATE_MS,
        }),
      ]);
      const { next } = part;
      const name = exportName(input.of, input.filter) + (next ? `-first-${part.rows}` : '');
      if (next) searchParams.set('after', placeText(next));
      return c.body(part.text, 200, {
        ...found,
        'content-type': EXPORT_FORMATS[input.format].contentType,
        'content-disposition': attachment(`${name}.${extension}`),
        'exported-orders': String(part.orders),
        'exported-rows': String(part.rows),
        'exported-total': part.total,
        ...(part.isPart && { 'exported-search': 'part' }),
        ...(next && { link: `</admin/orders.${extension}?${searchParams}>; rel="next"` }),
      });
    });
  }
}

/** What is left of the function's time when an answer has to be enough; a call may take 10 s. */
const LATE_MS = 15_000;

/** What the list's page says of all orders that are found, where it says it exactly. */
async function foundHeaders(c: PageContext, db: Kysely<Database>, { filter }: ExportInput) {
  if (!isCountable(filter)) return {};
  const { total, revenue, isExact } = await asking(c, async () =>
    countOrders(db, filter, await lookUp(db, filter)),
  );
  if (!isExact || revenue === undefined) return { 'found-orders': `about ${total}` };
  return { 'found-orders': String(total), 'found-total': revenue };
}

/** @throws {Problem} 400 with all that is wrong */
function refuse({ errors }: ExportInput): void {
  const wrong = Object.entries(errors);
  if (wrong.length === 0) return;
  throw new Problem(400, {
    detail: 'Something in the filter does not fit.',
    errors: wrong.map(([name, detail]) => ({ pointer: `?${name}`, code: 'invalid', detail })),
  });
}
