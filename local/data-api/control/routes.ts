import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import * as v from 'valibot';
import { OPERATIONS } from '../operations/names.ts';
import type { Counters } from './counters.ts';
import type { Faults } from './faults.ts';

/** Paths that the Data API does not have, for faults and counters. Nothing is signed here. */
const CONTROL = '/_control';

const Milliseconds = v.pipe(v.number(), v.minValue(0));
const when = {
  operations: v.optional(v.array(v.picklist(OPERATIONS))),
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  calls: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
};
const FaultSchema = v.variant('kind', [
  v.strictObject({
    ...when,
    kind: v.literal('latency'),
    delayMs: Milliseconds,
    upToMs: v.optional(Milliseconds),
  }),
  v.strictObject({ ...when, kind: v.literal('throttling') }),
  v.strictObject({ ...when, kind: v.literal('resuming'), forMs: Milliseconds }),
  v.strictObject({ ...when, kind: v.literal('statement-timeout') }),
  v.strictObject({ ...when, kind: v.literal('status'), status: v.picklist([500, 503, 504]) }),
  v.strictObject({ ...when, kind: v.literal('cut-before') }),
  v.strictObject({ ...when, kind: v.literal('cut-after') }),
  v.strictObject({ ...when, kind: v.literal('detached') }),
]);
const PlanSchema = v.strictObject({
  seed: v.optional(v.pipe(v.number(), v.integer())),
  faults: v.array(FaultSchema),
});

export function isControl({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(`${CONTROL}/`);
}

/**
 * `GET`, `PUT` and `DELETE` of `/_control/faults`, which PUT replaces by
 * `{ "seed", "faults": [] }`; `GET` and `DELETE` of `/_control/counters`, which DELETE sets to
 * zero.
 */
export async function answerControl(
  { faults, counters }: { faults: Faults; counters: Counters },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  switch (`${request.method} ${request.url}`) {
    case `PUT ${CONTROL}/faults`: {
      const plan = v.safeParse(PlanSchema, await json(request).catch(() => undefined));
      if (!plan.success) return reply(400, { errors: v.flatten(plan.issues) });
      faults.clear();
      if (plan.output.seed !== undefined) faults.seed(plan.output.seed);
      for (const fault of plan.output.faults) faults.add(fault);
      return reply(200, { faults: faults.list() });
    }
    case `DELETE ${CONTROL}/faults`:
      faults.clear();
      return reply(200, { faults: [] });
    case `GET ${CONTROL}/faults`:
      return reply(200, { faults: faults.list() });
    case `DELETE ${CONTROL}/counters`:
      counters.reset();
      return reply(200, counters.read());
    case `GET ${CONTROL}/counters`:
      return reply(200, counters.read());
    default:
      return reply(404, { message: `${CONTROL} has faults and counters.` });
  }
}
