import { setImmediate as turn } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../cli/keys/seller-key.ts';
import type { Invocation } from '../../local/lambda/invocation.ts';
import type { Service } from '../../local/service/service.ts';
import {
  type AlarmProperties,
  alarmState,
  alarmsOf,
  type DataPoint,
  emittedPoints,
  metricsOf,
} from '../helpers/alarms.ts';
import { apiResources } from '../helpers/api-template.ts';
import { apiEvent } from '../helpers/events.ts';
import { order } from '../helpers/orders.ts';
import { startTestService } from '../helpers/service.ts';

// Every alarm of the template is driven by what happens when something fails: by the metrics that
// the deployed bundles emit, and by what API Gateway and Lambda measure, which is made here of the
// answers and failures that the stand-ins gave. What no stand-in measures is stated: see STATED.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NIGHT = { scheduled_time: '2025-11-13T00:15:00Z' };

const lines: string[] = [];
/** What AWS measures by itself, of what happened. */
const measured: DataPoint[] = [];
const alarms = alarmsOf(apiResources());
let service: Service;
let secrets: SecretsManager;
let db: pg.Client;
let headers: { authorization: string };
let healthy: readonly DataPoint[];

beforeAll(async () => {
  service = await startTestService({ functionLog: (line) => lines.push(line) });
  const { secretsManager: endpoint, dataApi, credentials, postgres } = service.endpoints;
  secrets = new SecretsManager({ endpoint, region: dataApi.region, credentials });
  db = new pg.Client(postgres);
  await db.connect();
  headers = await keyHeader(service.endpoints, 'test_seller');
  healthy = await pointsOf(async () => {
    expect(await upload()).toBe(200);
    await invoke('nightly', NIGHT);
    await secrets.rotateSecret({ SecretId: secretOf('stats') });
    await service.secretsManager.settled();
  });
});
afterAll(async () => {
  secrets.destroy();
  await db.end();
  await service[Symbol.asyncDispose]();
});

/** What somebody does about it is in the runbook; here is what happens before. */
const FAULTS: Readonly<Record<string, () => Promise<readonly DataPoint[]>>> = {
  ServerErrors: () =>
    withoutLogin('upload', async () => {
      for (let i = 0; i < 5; i++) expect(await upload()).toBe(500);
    }),
  AuthorizerErrors: async () => {
    const unknownYet = await keyHeader(service.endpoints, 'test_seller');
    return withoutLogin('authorize', async () => {
      expect(await upload({ headers: unknownYet })).toBe(500);
    });
  },
  FunctionErrors: () => pointsOf(() => invoke('stats', null)),
  RotationFailed: () =>
    pointsOf(() => {
      const SecretId = secretOf('stats');
      return run('rotate-secret', { SecretId, ClientRequestToken: 'none', Step: 'setSecret' });
    }),
  MigrationFailed: () => withoutLogin('migrate', () => run('migrate', {})),
  Drift: () =>
    pointsOf(async () => {
      await db.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
      await invoke('nightly', NIGHT);
    }),
  OrdersDamaged: () =>
    pointsOf(async () => {
      await db.query('DELETE FROM order_items');
      await invoke('nightly', NIGHT);
    }),
};

/** Measured by AWS, and by no stand-in. */
const STATED: Readonly<Record<string, number>> = {
  SlowAnswers: 10_001, // milliseconds
  Throttled: 1,
  DatabaseAtMaximum: 2, // ACU, the most of the stage
  DeadLetter: 1, // message
};

describe('the alarms', () => {
  it('are all tried below', () => {
    const silences = ['NightMissing'];
    expect([...alarms.keys()].sort()).toEqual(
      [...Object.keys(FAULTS), ...Object.keys(STATED), ...silences].sort(),
    );
  });

  it('are off when all is well', () => {
    const now = endOf(healthy);
    const on = [...alarms].filter(([, alarm]) => alarmState(alarm, healthy, now) === 'ALARM');
    expect(on.map(([name]) => name)).toEqual([]);
  });

  it.each(Object.keys(FAULTS))('are on when it happens: %s', async (name) => {
    const points = await FAULTS[name]?.();
    expect(stateAfter(name, points ?? [])).toBe('ALARM');
  });

  it.each(Object.entries(STATED))('are on at the figure stated: %s at %d', (name, value) => {
    const points = [pointFor(name, value)];
    expect(stateAfter(name, points)).toBe('ALARM');
    expect(stateAfter(name, [pointFor(name, value - 1)])).toBe('OK');
  });

  it.each(
    [...alarms].filter(([, { Metrics }]) => JSON.stringify(Metrics ?? '').includes('SUM')),
  )('are on by any figure that they add up: %s', (_name, alarm) => {
    const sums = [...metricsOf(alarm).values()];
    expect(sums.length).toBeGreaterThan(1);
    for (const metric of sums) {
      const lasting = [0, 5].map((minutes) => pointOf(metric, 1, Date.now() - minutes * MINUTE));
      expect(alarmState(alarm, lasting, endOf(lasting))).toBe('ALARM');
    }
  });

  it('are on when no night has succeeded for 26 hours: NightMissing', () => {
    const alarm = alarmOf('NightMissing');
    expect(alarmState(alarm, healthy, endOf(healthy) + 25 * HOUR)).toBe('OK');
    expect(alarmState(alarm, healthy, endOf(healthy) + 26 * HOUR)).toBe('ALARM');
  });
});

describe('the metrics of functions', () => {
  it('count an upload and its orders, once for a request that is sent again', async () => {
    const numbers = ['new-1', 'new-2'].map((order_number) => order({ order_number }));
    await upload({ orders: numbers });
    const [first] = numbers;
    const changed = { ...first, status: 'changed' };
    const more = { 'idempotency-key': 'one' };
    const request = { orders: [changed, numbers[1]], headers: { ...headers, ...more } };
    const points = await pointsOf(async () => {
      await upload(request);
      await upload(request);
    });
    expect(points[0]).toMatchObject({
      namespace: 'order-analytics-dev-api',
      dimensions: { service: 'upload' },
    });
    expect(emitted(points, 'upload')).toEqual([
      ['Uploads', 1],
      ['OrdersCreated', 0],
      ['OrdersUpdated', 1],
      ['OrdersUnchanged', 1],
      ['OrdersStale', 0],
    ]);
  });

  it('tell refused uploads apart by a few reasons', async () => {
    const points = await pointsOf(async () => {
      await upload({ orders: [] });
      await upload({ body: '{' });
      await upload({ user: 'somebody_else' });
    });
    expect(ofName(points, 'Refusals')).toEqual(
      ['fields', 'body', 'key'].map((reason) => ({ service: 'upload', reason })),
    );
  });

  it('tell refused pages apart by the same reasons', async () => {
    const points = await pointsOf(() => run('admin', apiEvent({ rawPath: '/admin/orders' })));
    expect(ofName(points, 'Refusals')).toEqual([{ service: 'admin', reason: 'key' }]);
  });

  it('tell by what reason the Data API failed and was asked again, or for good', async () => {
    service.dataApi.faults.add({ kind: 'throttling', calls: 1 });
    const retried = await pointsOf(() => upload());
    expect(ofName(retried, 'DataApiRetries')).toEqual([{ service: 'upload', reason: 'throttled' }]);
    expect(ofName(retried, 'DataApiErrors')).toEqual([]);
    const refused = await withoutLogin('upload', () => upload());
    expect(ofName(refused, 'DataApiErrors')).toEqual([{ service: 'upload', reason: 'refused' }]);
  });

  it('tell what came of keys', async () => {
    const points = await pointsOf(async () => {
      await upload({ headers: await keyHeader(service.endpoints, 'test_seller') });
      await upload({ headers: { authorization: 'Bearer nonsense' } });
    });
    expect(ofName(points, 'KeyChecks').map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'unknown',
    ]);
  });

  it('count a rotation once, whatever steps it takes', () => {
    expect(ofName(healthy, 'Rotations')).toEqual([{ service: 'rotate-secret' }]);
    expect(ofName(healthy, 'RotationFailures')).toEqual([]);
  });

  it('are told apart by nothing that sellers bring', () => {
    const all = emittedPoints(lines);
    expect(all.length).toBeGreaterThan(50);
    const values = new Set(
      all.flatMap(({ dimensions: { service: _, ...rest } }) => Object.entries(rest).map(String)),
    );
    expect([...values].sort()).toEqual([
      'outcome,accepted',
      'outcome,failed',
      'outcome,unknown',
      'reason,body',
      'reason,bug',
      'reason,fields',
      'reason,key',
      'reason,refused',
      'reason,throttled',
      'version,$LATEST',
    ]);
  });
});

/** What CloudWatch gets while something happens. */
async function pointsOf(work: () => Promise<unknown>): Promise<DataPoint[]> {
  const [linesBefore, measuredBefore] = [lines.length, measured.length];
  await work();
  // Functions write lines before they answer, but here answers may be read before lines: what is
  // in a pipe is read in a whole turn.
  await turn();
  await turn();
  return [...emittedPoints(lines.slice(linesBefore)), ...measured.slice(measuredBefore)];
}

/** The same while the secret of a function holds no login, as after a mistake by hand. */
async function withoutLogin(name: string, work: () => Promise<unknown>): Promise<DataPoint[]> {
  const SecretId = secretOf(name);
  const { SecretString } = await secrets.getSecretValue({ SecretId });
  await secrets.putSecretValue({ SecretId, SecretString: '{}' });
  try {
    return await pointsOf(work);
  } finally {
    await secrets.putSecretValue({ SecretId, SecretString });
  }
}

interface Upload {
  readonly user?: string;
  readonly orders?: readonly unknown[];
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends it, and measures it as API Gateway does. */
async function upload(given: Upload = {}): Promise<number> {
  const {
    user = 'test_seller',
    orders = [order()],
    body = JSON.stringify({ user, orders }),
  } = given;
  const startedAt = performance.now();
  const response = await fetch(`${service.endpoints.api}/api/orders/upload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, ...given.headers },
    body,
  });
  await response.text();
  const { name: _, ...api } = pointFor('SlowAnswers', 0); // the API, now
  measured.push(
    { ...api, name: 'Count', value: 1 },
    { ...api, name: '5xx', value: response.status >= 500 ? 1 : 0 },
    { ...api, name: 'Latency', value: performance.now() - startedAt },
  );
  return response.status;
}

/** Invokes it; what it says itself is all that is known. */
const run = (name: string, event: unknown) => service.invoke(functionOf(name), event);

/** Invokes it, and measures it as Lambda does. */
async function invoke(name: string, event: unknown): Promise<Invocation> {
  const invocation = await run(name, event);
  const dimensions = { FunctionName: { Ref: functionOf(name).logicalId } };
  const lambda = { namespace: 'AWS/Lambda', dimensions, at: Date.now() };
  measured.push({ ...lambda, name: 'Errors', value: invocation.ok ? 0 : 1 });
  return invocation;
}

function functionOf(name: string) {
  const fn = service.app.functions.find(
    ({ environment }) => environment.POWERTOOLS_SERVICE_NAME === name,
  );
  if (!fn) throw new Error(`There is no function ${name}.`);
  return fn;
}

const secretOf = (name: string) => functionOf(name).environment.DATABASE_SECRET_ARN ?? '';

/** When all that has come, at the end of a period of any length. */
const endOf = (points: readonly DataPoint[]) => Math.max(...points.map(({ at }) => at));

/** Of an alarm when what happened goes on for a quarter of an hour. */
function stateAfter(name: string, points: readonly DataPoint[]) {
  const lasting = [0, 5, 10].flatMap((minutes) =>
    points.map((point) => ({ ...point, at: point.at - minutes * MINUTE })),
  );
  return alarmState(alarmOf(name), lasting, endOf(points));
}

/** A figure of the metric that an alarm watches, where that is one, or of its first. */
const pointFor = (name: string, value: number) => pointOf(metricOf(name), value, Date.now());

function pointOf(metric: ReturnType<typeof metricOf>, value: number, at: number): DataPoint {
  const { Namespace: namespace, MetricName: name, Dimensions = [] } = metric;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions, at, value };
}

function metricOf(name: string) {
  const [metric] = metricsOf(alarmOf(name)).values();
  if (!metric) throw new Error(`The alarm ${name} watches no metric.`);
  return metric;
}

function alarmOf(name: string): AlarmProperties {
  const alarm = alarms.get(name);
  if (!alarm) throw new Error(`There is no alarm ${name}.`);
  return alarm;
}

/** What a function has emitted, in the order in which it did. */
const emitted = (points: readonly DataPoint[], of: string) =>
  points
    .filter(({ dimensions }) => dimensions.service === of)
    .map(({ name, value }) => [name, value]);

const ofName = (points: readonly DataPoint[], name: string) =>
  points.filter((point) => point.name === name).map(({ dimensions }) => dimensions);
