import { createServer, request } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';

/** A call that has not reached the Data API yet. */
export interface HeldCall {
  /** Resolves when the call is there, and waits. */
  readonly arrived: Promise<void>;
  /** Whether it comes: not where no other call is on its way from which it could follow. */
  comes(): Promise<boolean>;
  /** Cuts the connection of who has made it, and still holds it. */
  cut(): void;
  /** Lets it reach the Data API, and resolves to what that answers. */
  letOn(): Promise<{ readonly status: number; readonly body: string }>;
}

/** A Data API whose calls can be held up, as a slow network does. */
export interface HoldingProxy extends Listening {
  /** Holds up the next call of a path whose body fits; all others pass. */
  hold(path: string, body?: RegExp): HeldCall;
}

/**
 * What is answered while a call is held up. Where the time is over before that call is made, since
 * the machine is slow, it is asked again with more: what was given up goes on to it, or it ended.
 */
export async function answerWithout<T extends { readonly status: number | undefined }>(
  held: HeldCall,
  remainingMs: number,
  ask: (remainingMs: number) => Promise<T>,
): Promise<T> {
  const answer = await ask(remainingMs);
  if (await held.comes()) return answer;
  if (answer.status === 503) return answerWithout(held, remainingMs * 2, ask);
  throw new Error(`Answered ${answer.status} without the call that was to be held.`);
}

/** What follows from a call comes at once, from this process. */
const FOLLOWS_WITHIN_MS = 100;

export async function startHoldingProxy(endpoint: string): Promise<HoldingProxy> {
  const holds: {
    readonly path: string;
    readonly body: RegExp;
    readonly arrived: (caller: Socket) => void;
    readonly letOn: Promise<void>;
    readonly answered: (answer: { status: number; body: string }) => void;
  }[] = [];
  let calls = 0;
  let onTheirWay = 0;
  async function areOver(): Promise<void> {
    for (let seen = -1; seen !== calls || onTheirWay > 0; ) {
      seen = calls;
      await delay(FOLLOWS_WITHIN_MS);
      await turn(); // what has come meanwhile is seen
    }
  }
  const http = createServer(async (incoming, outgoing) => {
    calls += 1;
    onTheirWay += 1;
    outgoing.on('close', () => {
      onTheirWay -= 1;
    });
    const bytes = await buffer(incoming);
    const { method, headers, url = '' } = incoming;
    const at = holds.findIndex(({ path, body }) => path === url && body.test(String(bytes)));
    const [held] = at < 0 ? [] : holds.splice(at, 1);
    held?.arrived(incoming.socket);
    await held?.letOn;
    const onward = request(new URL(url, endpoint), { method, headers }, async (answer) => {
      const body = await buffer(answer);
      const status = answer.statusCode ?? 500;
      outgoing.writeHead(status, answer.headers);
      outgoing.end(body);
      held?.answered({ status, body: String(body) });
    });
    onward.end(bytes);
  });
  return {
    ...(await listenOnLoopback(http, 0)),
    hold(path, body = /^/) {
      const arrived = Promise.withResolvers<void>();
      let caller: Socket | undefined;
      const letOn = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<{ status: number; body: string }>();
      holds.push({
        path,
        body,
        arrived: (socket) => {
          caller = socket;
          arrived.resolve();
        },
        letOn: letOn.promise,
        answered: answered.resolve,
      });
      return {
        arrived: arrived.promise,
        comes: () => Promise.race([arrived.promise.then(() => true), areOver().then(() => false)]),
        cut: () => caller?.destroy(),
        letOn() {
          letOn.resolve();
          return answered.promise;
        },
      };
    },
  };
}
