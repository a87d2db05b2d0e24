import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../cli/keys/seller-key.ts';
import { type DataPoint, emittedPoints } from '../helpers/alarms.ts';
import { apiEvent } from '../helpers/events.ts';
import { order } from '../helpers/orders.ts';
import { startWatchedService, type WatchedService } from '../helpers/watched-service.ts';

let watched: WatchedService;
beforeAll(async () => {
  watched = await startWatchedService();
});
afterAll(() => watched[Symbol.asyncDispose]());

describe('the metrics of functions', () => {
  it('count an upload and its orders, once for a request that is sent again', async () => {
    const numbers = ['new-1', 'new-2'].map((order_number) => order({ order_number }));
    await watched.upload({ orders: numbers });
    const [first] = numbers;
    const changed = { ...first, status: 'changed' };
    const more = { 'idempotency-key': 'one' };
    const request = { orders: [changed, numbers[1]], headers: more };
    const points = await watched.pointsOf(async () => {
      await watched.upload(request);
      await watched.upload(request);
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
    const points = await watched.pointsOf(async () => {
      await watched.upload({ orders: [] });
      await watched.upload({ body: '{' });
      await watched.upload({ user: 'somebody_else' });
    });
    expect(ofName(points, 'Refusals')).toEqual(
      ['fields', 'body', 'key'].map((reason) => ({ service: 'upload', reason })),
    );
  });

  it('tell refused pages apart by the same reasons', async () => {
    const points = await watched.pointsOf(() =>
      watched.invoke('admin', apiEvent({ rawPath: '/admin/orders' })),
    );
    expect(ofName(points, 'Refusals')).toEqual([{ service: 'admin', reason: 'key' }]);
  });

  it('tell by what reason the Data API failed and was asked again, or for good', async () => {
    watched.service.dataApi.faults.add({ kind: 'throttling', calls: 1 });
    const retried = await watched.pointsOf(() => watched.upload());
    expect(ofName(retried, 'DataApiRetries')).toEqual([{ service: 'upload', reason: 'throttled' }]);
    expect(ofName(retried, 'DataApiErrors')).toEqual([]);
    const refused = await watched.withoutLogin('upload', () => watched.upload());
    expect(ofName(refused, 'DataApiErrors')).toEqual([{ service: 'upload', reason: 'refused' }]);
  });

  it('tell what came of keys', async () => {
    const points = await watched.pointsOf(async () => {
      await watched.upload({ headers: await keyHeader(watched.service.endpoints, 'test_seller') });
      await watched.upload({ headers: { authorization: 'Bearer nonsense' } });
    });
    expect(ofName(points, 'KeyChecks').map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'unknown',
    ]);
  });

  it('count a rotation once, whatever steps it takes', async () => {
    const { secrets, secretOf, service } = watched;
    const points = await watched.pointsOf(async () => {
      await secrets.rotateSecret({ SecretId: secretOf('stats') });
      await service.secretsManager.settled();
    });
    expect(ofName(points, 'Rotations')).toEqual([{ service: 'rotate-secret' }]);
    expect(ofName(points, 'RotationFailures')).toEqual([]);
  });

  it('are told apart by nothing that sellers bring', async () => {
    await watched.upload();
    await watched.upload({ user: 'somebody_else' });
    await watched.upload({ orders: [{ ...order(), status: 'x'.repeat(21), channel: 'own' }] });
    await watched.upload({ headers: { authorization: 'Bearer nonsense', 'user-agent': 'own' } });
    await watched.withoutLogin('upload', () => watched.upload());
    const values = emittedPoints(watched.lines).flatMap(({ dimensions: { service: _, ...rest } }) =>
      Object.entries(rest).map(String),
    );
    const told = [
      'outcome,accepted',
      'outcome,unknown',
      'reason,body',
      'reason,bug',
      'reason,fields',
      'reason,key',
      'reason,refused',
      'reason,throttled',
      'version,$LATEST',
    ];
    expect(told).toEqual(expect.arrayContaining(values));
    expect(values).toEqual(expect.arrayContaining(['outcome,unknown', 'reason,bug']));
  });
});

/** What a function has emitted, in the order in which it did. */
const emitted = (points: readonly DataPoint[], of: string) =>
  points
    .filter(({ dimensions }) => dimensions.service === of)
    .map(({ name, value }) => [name, value]);

const ofName = (points: readonly DataPoint[], name: string) =>
  points.filter((point) => point.name === name).map(({ dimensions }) => dimensions);
