import { startAwsJson } from '../aws/aws-json.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { Listening } from '../aws/loopback.ts';
import { oneLine } from '../aws/one-line.ts';
import { type BusEvent, putEvents } from './put-events.ts';

// Stands in for EventBridge's event buses, from the side that publishes: PutEvents in AWS JSON 1.1.
// It leaves out rules and targets, archives, and every other operation; who wants to know what was
// published reads `events` or the log.

export interface EventBusOptions {
  /** Names and ARNs of the buses that there are, beside `default`. */
  readonly buses: readonly string[];
  readonly log?: (line: string) => void;
  /** For signatures. @default the system's */
  readonly clock?: Clock;
}

export interface EventBusServer extends Listening {
  /** The newest 1,000 that were taken, oldest first. */
  readonly events: readonly BusEvent[];
}

const KEPT_EVENTS = 1_000;

/** Event buses on loopback, for AWS SDK clients with `AWS_ENDPOINT_URL_EVENTBRIDGE`. */
export async function startEventBus(options: EventBusOptions): Promise<EventBusServer> {
  const { buses, log = () => {}, clock = systemClock } = options;
  const events: BusEvent[] = [];

  function PutEvents(input: unknown) {
    const { answers, events: taken } = putEvents(input, buses);
    for (const event of taken) {
      events.push(event);
      log(oneLine(`Event ${event.detailType} on ${event.bus}: ${JSON.stringify(event.detail)}`));
    }
    events.splice(0, events.length - KEPT_EVENTS);
    return { FailedEntryCount: answers.length - taken.length, Entries: answers };
  }

  const server = await startAwsJson({
    service: 'events',
    targetPrefix: 'AWSEvents',
    operations: { PutEvents },
    log,
    clock,
  });
  return { ...server, events };
}
