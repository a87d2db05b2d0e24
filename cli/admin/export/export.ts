import { addAmounts } from '../../../db/add-amounts.ts';
import { counted } from '../../counted.ts';
import { ServiceError } from '../../service-error.ts';
import type { Target } from '../../target/target.ts';
import type { ExportArguments } from './arguments.ts';
import { askPart, type Found, type Part } from './ask-part.ts';

/** What was written so far. */
export interface Written {
  readonly orders: number;
  readonly rows: number;
  /** What the orders come to, as decimal text. */
  readonly total: string;
  /** What the list's page said when it began. */
  readonly found: Found;
  /** Where the rest begins; `undefined` when all is written. */
  readonly next: string | undefined;
  /** Whether the search has not looked at all that may have what was typed. */
  readonly isPart: boolean;
}

export interface ExportOptions {
  /** Takes what comes next of the file; done when there is room for more. */
  write(text: string): Promise<void>;
  report(written: Written): void;
  /** After which nothing more is asked for. */
  readonly signal: AbortSignal;
  /** Lets time pass, in milliseconds. */
  wait(ms: number): Promise<void>;
}

/** So many that a part is there in seconds, few enough to see how it goes. */
const ORDERS_A_PART = 10_000;

/** Between the tries for a part: as long as a database takes to wake. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** An export ended before its end. What was written is whole up to `written.next`. */
export class ExportStoppedError extends Error {
  override readonly name = 'ExportStoppedError';
  readonly written: Written;

  constructor(written: Written, cause: unknown) {
    super(`The export stopped after ${counted(written.orders, 'order')}.`, { cause });
    this.written = written;
  }
}

/**
 * Writes the orders that a filter finds, or their items, part by part: each order as it is when its
 * part is read. Ends early when it is told to.
 *
 * @throws {ExportStoppedError} when a part does not come, although it was asked for again
 */
export async function exportAll(
  target: Target,
  given: ExportArguments,
  options: ExportOptions,
): Promise<Written> {
  const { write, report, signal } = options;
  let written: Written = {
    ...{ orders: 0, rows: 0, total: '0.00', found: {} },
    next: given.after,
    isPart: false,
  };
  do {
    let part: Part;
    try {
      part = await askAgain(() => ask(target, given, written.next, signal), options);
    } catch (cause) {
      if (signal.aborted) return written;
      throw new ExportStoppedError(written, cause);
    }
    const isFirst = written.next === undefined;
    await write((isFirst && part.head ? `\ufeff${part.head}` : '') + part.body);
    written = {
      orders: written.orders + part.orders,
      rows: written.rows + part.rows,
      total: addAmounts(written.total, part.total),
      found: isFirst ? part.found : written.found,
      next: part.next,
      isPart: part.isPart,
    };
    report(written);
  } while (written.next !== undefined && !signal.aborted);
  return written;
}

/** What the list's page says by now. */
export async function findByNow(
  target: Target,
  given: ExportArguments,
  { signal }: Pick<ExportOptions, 'signal'>,
): Promise<Found> {
  return (await askPart(target, given, { after: undefined, limit: 1 }, signal)).found;
}

const ask = (
  target: Target,
  given: ExportArguments,
  after: string | undefined,
  signal: AbortSignal,
) => askPart(target, given, { after, limit: ORDERS_A_PART }, signal);

async function askAgain(
  askOnce: () => Promise<Part>,
  { signal, wait }: ExportOptions,
): Promise<Part> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await askOnce();
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
    }
    await wait(pauseMs);
  }
  return askOnce();
}

/** Too much at once, a failure of the service, or no answer at all. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const { status } = error;
  return status === undefined || status === 429 || status >= 500;
}
