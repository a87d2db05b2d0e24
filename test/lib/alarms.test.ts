import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../cli/keys/seller-key.ts';
import { ALARMS, alarmOf, endOf, pointOf, stateAfter } from '../helpers/alarm-after.ts';
import { alarmState, type DataPoint, metricsOf } from '../helpers/alarms.ts';
import { startWatchedService, type WatchedService } from '../helpers/watched-service.ts';

// Every alarm of the template is driven by what happens when something fails: by the metrics that
// the deployed bundles emit, and by what API Gateway, Lambda and SQS measure, which is made here of
// what the stand-ins did.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** In alarms-in-time.test.ts, where a clock is moved. */
const IN_TIME = ['SlowAnswers', 'Throttled', 'DeadLetter'];
const NIGHT = { scheduled_time: '2025-11-13T00:15:00Z' };

let watched: WatchedService;
let db: pg.Client;
let healthy: readonly DataPoint[];

beforeAll(async () => {
  watched = await startWatchedService();
  const { service, secrets, secretOf } = watched;
  db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  healthy = await watched.pointsOf(async () => {
    expect(await watched.upload()).toBe(200);
    await watched.invoke('nightly', NIGHT);
    await secrets.rotateSecret({ SecretId: secretOf('stats') });
    await service.secretsManager.settled();
  });
});
afterAll(async () => {
  await db.end();
  await watched[Symbol.asyncDispose]();
});

/** What somebody does about it is in the runbook; here is what happens before. */
const FAULTS: Readonly<Record<string, () => Promise<readonly DataPoint[]>>> = {
  ServerErrors: () =>
    watched.withoutLogin('upload', async () => {
      for (let i = 0; i < 5; i++) expect(await watched.upload()).toBe(500);
    }),
  AuthorizerErrors: async () => {
    const unknownYet = await keyHeader(watched.service.endpoints, 'test_seller');
    return said(
      await watched.withoutLogin('authorize', async () => {
        expect(await watched.upload({ headers: unknownYet })).toBe(500);
      }),
    );
  },
  FunctionErrors: () => watched.pointsOf(() => watched.invoke('stats', null)),
  RotationFailed: async () => {
    const step = {
      SecretId: watched.secretOf('stats'),
      ClientRequestToken: 'none',
      Step: 'setSecret',
    };
    return said(await watched.pointsOf(() => watched.invoke('rotate-secret', step)));
  },
  MigrationFailed: async () =>
    said(await watched.withoutLogin('migrate', () => watched.invoke('migrate', {}))),
  Drift: () =>
    watched.pointsOf(async () => {
      await db.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
      await watched.invoke('nightly', NIGHT);
    }),
  OrdersDamaged: () =>
    watched.pointsOf(async () => {
      await db.query('DELETE FROM order_items');
      await watched.invoke('nightly', NIGHT);
    }),
  PartsLeft: () =>
    watched.pointsOf(async () => {
      await db.query(`DELETE FROM proved_days;
        ALTER TABLE proved_days ADD CONSTRAINT fails CHECK (items_proved_at IS NULL)`);
      await watched.invoke('nightly', NIGHT);
      await db.query('ALTER TABLE proved_days DROP CONSTRAINT fails');
    }),
};

/** Without what Lambda counts: a function's own figure is to be enough. */
const said = (points: readonly DataPoint[]) =>
  points.filter(({ namespace }) => namespace !== 'AWS/Lambda');

describe('the alarms', () => {
  it('are all tried', () => {
    const others = ['NightMissing', 'DatabaseAtMaximum'];
    expect([...ALARMS.keys()].sort()).toEqual(
      [...Object.keys(FAULTS), ...IN_TIME, ...others].sort(),
    );
  });

  it('are off when all is well', () => {
    const now = endOf(healthy);
    const on = [...ALARMS].filter(([, alarm]) => alarmState(alarm, healthy, now) === 'ALARM');
    expect(on.map(([name]) => name)).toEqual([]);
  });

  it('have figures when all is well, but for what only happens when it is not', () => {
    const without = [...ALARMS].filter(([, alarm]) =>
      [...metricsOf(alarm).values()].every(
        ({ MetricName }) => !healthy.some(({ name }) => name === MetricName),
      ),
    );
    expect(without.map(([name]) => name)).toEqual(['DatabaseAtMaximum']);
  });

  it.each(Object.keys(FAULTS))('are on when it happens: %s', async (name) => {
    const points = await FAULTS[name]?.();
    expect(stateAfter(name, points ?? [])).toBe('ALARM');
  });

  // The capacity is Aurora's own figure of itself, and PostgreSQL on one machine has none: what it
  // says is stated here, and nothing else is.
  it('are on at the capacity that the stage may have, as Aurora states it: DatabaseAtMaximum', () => {
    const [capacity] = metricsOf(alarmOf('DatabaseAtMaximum')).values();
    expect(capacity).toMatchObject({
      Namespace: 'AWS/RDS',
      MetricName: 'ServerlessDatabaseCapacity',
    });
    const stateAt = (acu: number) =>
      stateAfter('DatabaseAtMaximum', [pointOf(capacity!, acu, Date.now())]);
    expect([stateAt(1.5), stateAt(2)]).toEqual(['OK', 'ALARM']);
  });

  it.each(
    [...ALARMS].filter(([, { Metrics }]) => JSON.stringify(Metrics ?? '').includes('SUM')),
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
