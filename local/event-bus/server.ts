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
    events.push(...taken);
    for (const line of told(taken)) log(oneLine(line));
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

/** A line for a request's events of one type on one bus: of several, the first and the last. */
function* told(taken: readonly BusEvent[]): Generator<string> {
  const groups = Map.groupBy(taken, ({ detailType, bus }) => JSON.stringify([detailType, bus]));
  for (const events of groups.values()) {
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) continue;
    yield first === last
      ? `Event ${first.detailType} on ${first.bus}: ${JSON.stringify(first.detail)}`
      : `${events.length} events ${first.detailType}: ${shortly(first)} to ${shortly(last)}`;
  }
}

/** An event by the first field of its detail, which says what it is about. */
function shortly({ detail }: BusEvent): string {
  const [field]: unknown[] = Object.values(detail);
  return typeof field === 'string' ? field : JSON.stringify(field ?? null);
}
