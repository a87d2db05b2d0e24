import * as v from 'valibot';
import { OrderAnalyticsClient, UnauthorizedError } from '../../client/src/index.ts';
import { dayOf } from '../../db/days.ts';
import type { ServiceEndpoints } from '../../local/service/endpoints.ts';
import { KEPT_AS, readKept } from '../../local/service/kept-file.ts';
import { writePrivately } from '../../local/service/private-file.ts';
import { isKey } from '../keys/pasted.ts';
import { createSellerKey } from '../keys/seller-key.ts';
import { SHOPS, type Shop } from './shops.ts';
import { type Steps, stepsOf } from './steps.ts';
import { Year } from './year.ts';

/** A shop of the demo, as its own system sees the service. */
export interface DemoShop {
  readonly shop: Shop;
  readonly key: string;
  readonly client: OrderAnalyticsClient;
  readonly notable: Steps['notable'];
}

export interface Demo {
  readonly shops: readonly DemoShop[];
  readonly year: Year;
}

/** What is kept between starts. */
export interface Kept {
  readonly keys: Readonly<Record<string, string>>;
  readonly isFilled: boolean;
  /** When the shops' year ends, in milliseconds since the epoch. @default that of earlier demos */
  readonly untilMs?: number;
}

/** Every demo's, before it was the year up to when it is made. */
const EARLIER_UNTIL_MS = Date.UTC(2026, 0, 1);

/**
 * Fills a service with the last year of some shops, by the API alone. It is done once: what `file`
 * keeps of an earlier start says whose keys they are and that all is there. A start that was broken
 * off is gone on with, by idempotency keys.
 *
 * @throws {MachineError} when something else is in the file
 * @throws the signal's reason when that is aborted
 */
export async function demoShops(
  file: string,
  endpoints: ServiceEndpoints,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Demo> {
  const kept = await goodOf(keptIn(file), endpoints.api, signal);
  const { keys, isFilled, untilMs = EARLIER_UNTIL_MS } = kept ?? (await begin(file, endpoints));
  const year = new Year(untilMs);
  const shops = SHOPS.map((shop) => {
    const key = keys[shop.seller] ?? '';
    const { steps, notable } = stepsOf(shop, year);
    const client = clientOf(endpoints.api, shop.seller, key);
    return { shop, key, client, notable, steps };
  });
  if (!isFilled) {
    say(`Filling the service with a year of ${shops.length} shops`);
    await Promise.all(shops.map(({ client, steps }) => take(client, steps, year, signal)));
    keep(file, { keys, isFilled: true, untilMs });
  }
  return { shops, year };
}

async function begin(file: string, endpoints: ServiceEndpoints): Promise<Kept> {
  const kept = { keys: await newKeys(endpoints), isFilled: false, untilMs: Date.now() };
  keep(file, kept);
  return kept;
}

const clientOf = (url: string, user: string, key: string) =>
  new OrderAnalyticsClient({ url, user, key });

async function take(
  client: OrderAnalyticsClient,
  steps: Steps['steps'],
  { endMs }: Year,
  signal: AbortSignal,
): Promise<void> {
  let uploadId = '';
  for (const [i, step] of steps.entries()) {
    // Of its year: another one's step is another request.
    const options = { idempotencyKey: `demo-${dayOf(endMs)}-${i}`, signal };
    if ('upload' in step) {
      const { upload_id } = await client.upload(step.upload, options);
      uploadId = upload_id ?? '';
    } else if ('undo' in step) await client.undo(uploadId, options);
    else await client.deleteOrders([step.delete], options);
  }
}

async function newKeys(endpoints: ServiceEndpoints): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const { seller } of SHOPS) keys[seller] = await createSellerKey(endpoints, seller);
  return keys;
}

/** What is kept, where its keys open this service: the database may have been taken away. */
async function goodOf(
  kept: Kept | undefined,
  api: string,
  signal: AbortSignal,
): Promise<Kept | undefined> {
  if (!kept) return undefined;
  try {
    for (const { seller } of SHOPS) {
      await clientOf(api, seller, kept.keys[seller] ?? '').whoami({ signal });
    }
    return kept;
  } catch (error) {
    if (error instanceof UnauthorizedError) return undefined;
    throw error;
  }
}

const keep = (file: string, kept: Kept) => writePrivately(file, `${JSON.stringify(kept)}\n`);

/** What is whole of an earlier start: half of it is made anew. */
function keptIn(file: string): Kept | undefined {
  try {
    return v.parse(KeptSchema, JSON.parse(readKept(file, KEPT_AS.demo) ?? ''));
  } catch (error) {
    if (error instanceof SyntaxError || v.isValiError(error)) return undefined;
    throw error;
  }
}

const KeptSchema: v.GenericSchema<unknown, Kept> = v.object({
  keys: v.object(
    v.entriesFromList(
      SHOPS.map(({ seller }) => seller),
      v.pipe(v.string(), v.check(isKey)),
    ),
  ),
  isFilled: v.boolean(),
  untilMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(EARLIER_UNTIL_MS))),
});
