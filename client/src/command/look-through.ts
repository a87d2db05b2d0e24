import { shownCount, shownOrders } from './counts.ts';
import type { OrderFile } from './order-file.ts';
import { ProgressLine, type ProgressOutput } from './progress.ts';

/** How many orders are looked through before that is shown. */
const SHOW_EVERY = 1_000;

/**
 * Shows what was guessed, and finds what no chunk alone would: rows that stand apart, brackets that
 * do not close, whose orders they are where that stands behind them. What can be read only once is
 * not looked through.
 *
 * @throws {InputError} of what is found, before anything is sent
 */
export async function lookThrough(
  file: OrderFile,
  user: string,
  { output, signal }: { readonly output: ProgressOutput; readonly signal: AbortSignal },
): Promise<void> {
  const { source, csv, mapping } = file;
  if (csv) output.write(`${source.name}:\n${mapping.join('\n')}\n`);
  if (source.file === undefined) return;
  const { sizeBytes } = source;
  const startedMs = performance.now();
  const line = new ProgressLine(output, 'looked through: ');
  let [orders, bad] = [0, 0];
  try {
    for await (const { order } of file.orders(user, 'look')) {
      signal.throwIfAborted();
      orders += 1;
      if (!order) bad += 1;
      if (orders % SHOW_EVERY !== 0) continue;
      const fraction = sizeBytes === undefined ? undefined : source.readBytes / sizeBytes;
      line.show({ fraction, orders, elapsedMs: performance.now() - startedMs });
    }
  } finally {
    line.end();
  }
  if (!csv) return; // whose orders have only been counted
  const why = bad > 0 ? `, of which ${shownCount(bad)} cannot be sent` : '';
  output.write(`  ${shownOrders(orders)}${why}\n`);
}
