import { EventBridge, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventsRefusedError, publishDays } from '../../../functions/nightly/events.ts';
import { useMockedClient } from '../../helpers/mocked-client.ts';

// A mock, since neither EventBridge nor the local bus throttles one event of many on request.
const eventBridge = useMockedClient(EventBridge);
beforeEach(() => eventBridge.reset());

const taken = { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
const throttled = {
  FailedEntryCount: 1,
  Entries: [{ EventId: '2' }, { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded.' }],
};

const days = Array.from({ length: 25 }, (_, i) => ({
  day: `2025-11-${String(i + 1).padStart(2, '0')}`,
  orders_count: i,
  total_revenue: '99999999999999999.99',
  sellers_count: 1,
  proved: true,
  rows_count: 1,
  drift_found: 0,
  drift_examples: '[]',
}));
const publish = () =>
  publishDays(new EventBridge(), 'bus', days, { id: 'a-run', kind: 'backfill' });

describe('publishDays', () => {
  it('sends no more than ten events at a time, each day once and in order', async () => {
    eventBridge.on(PutEventsCommand).resolves(taken);
    await publish();
    const calls = eventBridge
      .commandCalls(PutEventsCommand)
      .map(({ args }) => args[0].input.Entries);
    expect(calls.map((entries) => entries?.length)).toEqual([10, 10, 5]);
    const details = calls.flat().map((entry) => JSON.parse(entry?.Detail ?? ''));
    expect(details.map(({ day }) => day)).toEqual(days.map(({ day }) => day));
    expect(details[0].total_revenue).toBe('99999999999999999.99');
  });

  it('fails with the reason when one of the later ones is refused', async () => {
    eventBridge.on(PutEventsCommand).resolvesOnce(taken).resolves(throttled);
    await expect(publish()).rejects.toThrow(
      new EventsRefusedError('ThrottlingException: Rate exceeded.'),
    );
  });
});
