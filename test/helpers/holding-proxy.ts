import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';

/** A call that has not reached the Data API yet. */
export interface HeldCall {
  /** Resolves when the call is there, and waits. */
  readonly arrived: Promise<void>;
  /** Lets it reach the Data API, and resolves to what that answers. */
  letOn(): Promise<{ readonly status: number; readonly body: string }>;
}

/** A Data API whose calls can be held up, as a slow network does. */
export interface HoldingProxy extends Listening {
  /** Holds up the next call of a path whose body fits; all others pass. */
  hold(path: string, body?: RegExp): HeldCall;
}

export async function startHoldingProxy(endpoint: string): Promise<HoldingProxy> {
  const holds: {
    readonly path: string;
    readonly body: RegExp;
    readonly arrived: () => void;
    readonly letOn: Promise<void>;
    readonly answered: (answer: { status: number; body: string }) => void;
  }[] = [];
  const http = createServer(async (incoming, outgoing) => {
    const bytes = await buffer(incoming);
    const { method, headers, url = '' } = incoming;
    const at = holds.findIndex(({ path, body }) => path === url && body.test(String(bytes)));
    const [held] = at < 0 ? [] : holds.splice(at, 1);
    held?.arrived();
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
      const letOn = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<{ status: number; body: string }>();
      holds.push({
        path,
        body,
        arrived: arrived.resolve,
        letOn: letOn.promise,
        answered: answered.resolve,
      });
      return {
        arrived: arrived.promise,
        letOn() {
          letOn.resolve();
          return answered.promise;
        },
      };
    },
  };
}
