import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { EVENT_BUS_NAME } from '../../../functions/nightly/env.ts';
import { KEEP_VERSIONS_DAYS, METRICS_NAMESPACE } from '../../../functions/shared/env.ts';
import { type EventBusServer, startEventBus } from '../../../local/event-bus/server.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';

export type Fields = Record<string, unknown>;

export const isMetrics = (line: Fields) => '_aws' in line;

/** The nightly function on a database that each test finds empty, and a bus for its events. */
export function useNightlyFunction() {
  const test = useEmptyDatabase();
  const buses = ['nightly'];
  const lines: string[] = [];
  let bus: EventBusServer;
  let environment: Record<string, string>;
  let handler: typeof import('../../../functions/nightly/handler.ts')['handler'];

  beforeAll(async () => {
    bus = await startEventBus({ buses });
    environment = {
      ...test.environmentOf('daily_stats'),
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
      [EVENT_BUS_NAME]: 'nightly',
      [KEEP_VERSIONS_DAYS]: '400',
      [METRICS_NAMESPACE]: 'order-analytics-test',
      POWERTOOLS_SERVICE_NAME: 'nightly',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_DISABLED: 'false',
    };
    Object.assign(process.env, environment);
    ({ handler } = await import('../../../functions/nightly/handler.ts'));
  });
  afterAll(() => bus[Symbol.asyncDispose]());
  beforeEach(() => {
    lines.length = 0;
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(lines.push(String(text))));
    }
    (bus.events as unknown[]).length = 0;
  });

  return {
    get db() {
      return test.db;
    },
    get pg() {
      return test.pg;
    },
    get bus() {
      return bus;
    },
    /** The buses that there are. */
    buses,
    get environment() {
      return environment;
    },
    invoke: async (input: unknown, remainingMs = 900_000): Promise<Fields> => ({
      ...(await handler(input, lambdaContext(remainingMs))),
    }),
    /** What an invocation writes to its log, parsed; also when it fails. */
    logged: async (work: () => Promise<unknown>): Promise<Fields[]> => {
      await work().catch(() => {});
      return lines.splice(0).map((line) => JSON.parse(line) as Fields);
    },
    /** The runs that are recorded, the first one first. */
    runs: async () =>
      (
        await test.pg.query<Fields>(
          `SELECT kind, period_from::text AS "from", period_to::text AS "to", status, days_checked,
             rows_checked::int, drift_found::int, drift_repaired::int
           FROM nightly_runs ORDER BY started_at`,
        )
      ).rows,
  };
}
