import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateAfter } from '../helpers/alarm-after.ts';
import { apiEvent } from '../helpers/events.ts';
import { eventually } from '../helpers/eventually.ts';
import { TestClock } from '../helpers/test-clock.ts';
import { startWatchedService, type WatchedService } from '../helpers/watched-service.ts';

// The alarms for which time has to pass, or much has to happen at once: see alarms.test.ts.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SCHEDULED_AT = 15 * MINUTE; // after midnight

const clock = new TestClock();
const log: string[] = [];
let watched: WatchedService;

beforeAll(async () => {
  watched = await startWatchedService({ clock, scheduled: true, log: (line) => log.push(line) });
});
afterAll(() => watched[Symbol.asyncDispose]());

describe('the alarms are on', () => {
  it('when an upload waits for the Data API for more than 10 s: SlowAnswers', async () => {
    await watched.upload(); // of which the gateway remembers the key
    const uploadFor = (delayMs: number) =>
      watched.pointsOf(async () => {
        watched.service.dataApi.faults.add({ kind: 'latency', delayMs, calls: 1 });
        const answered = watched.upload();
        await clock.timer(delayMs);
        clock.pass(delayMs);
        expect(await answered).toBe(200);
      });
    expect(stateAfter('SlowAnswers', await uploadFor(10_000))).toBe('OK');
    expect(stateAfter('SlowAnswers', await uploadFor(10_001))).toBe('ALARM');
  });

  it('when Lambda runs as much as it may and is asked for more: Throttled', async () => {
    const invoke = (count: number) =>
      watched.pointsOf(() =>
        Promise.all(Array.from({ length: count }, () => watched.invoke('stats', apiEvent()))),
      );
    expect(stateAfter('Throttled', await invoke(1_000))).toBe('OK');
    expect(stateAfter('Throttled', await invoke(1_001))).toBe('ALARM');
  });

  it('when a night has failed until nobody tries again: DeadLetter', async () => {
    const [queue] = watched.service.app.queues;
    const letters = () => watched.service.queues.waiting(queue!.arn);
    const isTriedAgain = (seconds: number) =>
      eventually(() => expect(log.join('\n')).toContain(`is tried again in ${seconds} s`));

    const failed = await watched.withoutLogin('nightly', async () => {
      await clock.goTo(nextNight());
      await isTriedAgain(60);
      clock.pass(MINUTE);
      await isTriedAgain(120);
    });
    expect(stateAfter('DeadLetter', failed)).toBe('OK');

    const givenUp = await watched.withoutLogin('nightly', async () => {
      clock.pass(2 * MINUTE);
      await eventually(() => expect(letters()).toHaveLength(1));
    });
    expect(stateAfter('DeadLetter', givenUp)).toBe('ALARM');
    const [letter] = letters().map((text) => JSON.parse(text));
    expect(letter).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { scheduled_time: expect.stringMatching(/T00:15:00Z$/) },
      responsePayload: { errorMessage: expect.any(String) },
    });
  });
});

/** When the schedule is due next, in UTC. */
function nextNight(): string {
  const midnight = Math.floor((clock.now() - SCHEDULED_AT) / DAY) * DAY;
  return new Date(midnight + DAY + SCHEDULED_AT).toISOString();
}
