import { EventBridge, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { EventRefusedError, publishDay } from '../../../functions/nightly/events.ts';
import { useMockedClient } from '../../helpers/mocked-client.ts';

// A mock, since neither EventBridge nor the local bus throttles an event on request.
const eventBridge = useMockedClient(EventBridge);

const day = {
  day: '2025-11-12',
  orders_count: 1,
  total_revenue: '99999999999999999.99',
  sellers_count: 1,
  proved: true,
  rows_count: 1,
  drift_found: 0,
  drift_examples: '[]',
};
const publish = () => publishDay(new EventBridge(), 'bus', day, { id: 'a-run', kind: 'backfill' });

it('publishes money with all its digits', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  await publish();
  const [call] = eventBridge.commandCalls(PutEventsCommand);
  const [entry] = call?.args[0].input.Entries ?? [];
  expect(JSON.parse(entry?.Detail ?? '')).toEqual({
    day: '2025-11-12',
    orders_count: 1,
    total_revenue: '99999999999999999.99',
    sellers_count: 1,
    run: 'a-run',
    kind: 'backfill',
  });
});

it('fails with the reason when the event is refused', async () => {
  eventBridge.on(PutEventsCommand).resolves({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded.' }],
  });
  await expect(publish()).rejects.toThrow(
    new EventRefusedError('ThrottlingException: Rate exceeded.'),
  );
});
