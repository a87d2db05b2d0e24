import { timeMs } from './measure.ts';
import type { SentOrder } from './orders.ts';
import type { Contender } from './upload-contenders.ts';

/** What an upload's orders are to the orders that are there. */
export const KINDS = ['new', 'identical', 'changed'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Each client stores its uploads one after the other, all clients at once.
 *
 * @param sellers a client each
 * @param sent each client's uploads
 * @returns the orders a second of all together
 * @throws when not all orders, and no others, were stored as their kind says
 */
export async function storeAll(
  contender: Contender,
  kind: Kind,
  sellers: readonly string[],
  sent: readonly SentOrder[][][],
): Promise<number> {
  const clients = await Promise.all(
    sent.map((uploads, i) =>
      Promise.all(uploads.map((orders) => contender.prepare(sellers[i] ?? '', orders))),
    ),
  );
  const total = sent.flat(2).length;
  const done = { created: 0, updated: 0 };
  const elapsedMs = await timeMs(() =>
    Promise.all(
      clients.map(async (uploads) => {
        for (const store of uploads) {
          const { created, updated } = await store();
          done.created += created;
          done.updated += updated;
        }
      }),
    ),
  );
  const expected = {
    created: kind === 'new' ? total : 0,
    updated: kind === 'changed' ? total : 0,
  };
  if (done.created !== expected.created || done.updated !== expected.updated) {
    const [seller] = sellers;
    throw new Error(`${seller}, ${kind}: ${JSON.stringify(done)} of ${JSON.stringify(expected)}`);
  }
  return (total / elapsedMs) * 1_000;
}
