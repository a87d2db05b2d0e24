import { EventBridge, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventBusServer, startEventBus } from '../../../local/event-bus/server.ts';

let server: EventBusServer;
const log: string[] = [];
beforeAll(async () => {
  server = await startEventBus({ buses: ['nightly'], log: (line) => log.push(line) });
});
afterAll(() => server[Symbol.asyncDispose]());

function client(secretAccessKey = 'local') {
  return new EventBridge({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey },
    maxAttempts: 1,
  });
}

const entry = (fields: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'nightly',
  Source: 'order-analytics',
  DetailType: 'DailyOrderStatsComputed',
  Detail: '{"day":"2025-11-12"}',
  ...fields,
});

describe('the event bus', () => {
  it('takes events, keeps them and logs a line for those of a request', async () => {
    const second = entry({ Detail: '{"day":"2025-11-13","orders_count":1}' });
    const { FailedEntryCount, Entries } = await client().putEvents({ Entries: [entry(), second] });
    expect(FailedEntryCount).toBe(0);
    expect(server.events.slice(-2)).toEqual([
      expect.objectContaining({ id: Entries?.[0]?.EventId, detail: { day: '2025-11-12' } }),
      expect.objectContaining({ id: Entries?.[1]?.EventId, bus: 'nightly' }),
    ]);
    expect(log.slice(-1)).toEqual(['2 events DailyOrderStatsComputed: 2025-11-12 to 2025-11-13']);
    await client().putEvents({ Entries: [entry()] });
    expect(log.slice(-1)).toEqual([
      'Event DailyOrderStatsComputed on nightly: {"day":"2025-11-12"}',
    ]);
  });

  it('logs one line also for what has separators of lines in it', async () => {
    await client().putEvents({
      Entries: [entry({ DetailType: 'a\u2028b\u0085c', Detail: '{"day":"\u2029"}' })],
    });
    expect(log.slice(-1)).toEqual(['Event a\\u2028b\\u0085c on nightly: {"day":"\\u2029"}']);
  });

  it.each([
    ['without a source', { Source: undefined }, 'InvalidArgument'],
    ['without a detail', { Detail: undefined }, 'InvalidArgument'],
    ['with a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['with a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
    ['for a bus that there is not', { EventBusName: 'other' }, 'InvalidArgument'],
    ['in the name of AWS', { Source: 'aws.ec2' }, 'NotAuthorizedForSource'],
  ])('refuses an entry %s and takes the others', async (_what, fields, code) => {
    const answer = await client().putEvents({ Entries: [entry(fields), entry()] });
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toMatchObject([{ ErrorCode: code }, { EventId: expect.any(String) }]);
  });

  it.each([
    ['no entries', []],
    ['more than ten', Array.from({ length: 11 }, () => entry())],
    ['more than 256 KB', [entry({ Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) })]],
  ])('refuses a request with %s as a whole', async (_what, Entries) => {
    const before = server.events.length;
    await expect(client().putEvents({ Entries })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(server.events).toHaveLength(before);
  });

  it('refuses a request that another key has signed, or none', async () => {
    await expect(client('other').putEvents({ Entries: [entry()] })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const unsigned = await fetch(server.endpoint, { method: 'POST', body: '{}' });
    expect(await unsigned.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });

  it('knows no other operation', async () => {
    await expect(client().listEventBuses({})).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
