import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';

/** What happens to one request on its way; `after` and `midway` let it reach the service. */
export type Trouble =
  | 'before' // the connection ends and the service hears of nothing
  | 'after' // the service has done it, and the connection ends without its answer
  | 'midway' // half of the answer comes
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface UnsteadyProxy extends Listening {
  /** What happens to the next requests, one after the other; the rest pass. */
  readonly troubles: Trouble[];
  /** Told of every request that comes. */
  onRequest: () => void;
  /** Resolves when the service has answered all that came, also what nobody waits for any more. */
  idle(): Promise<void>;
}

/** A way to a service on which connections break. */
export async function startUnsteadyProxy(endpoint: string): Promise<UnsteadyProxy> {
  const troubles: Trouble[] = [];
  const underWay = new Set<Promise<void>>();
  const http = createServer((incoming, outgoing) => {
    const passed = pass(incoming, outgoing).finally(() => underWay.delete(passed));
    underWay.add(passed);
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    proxy.onRequest();
    const trouble = troubles.shift();
    const bytes = await buffer(incoming).catch(() => undefined); // who sends it is gone
    if (trouble === 'before' || !bytes) return void incoming.socket.destroy();
    if (typeof trouble === 'object') {
      outgoing.writeHead(trouble.status, { ...trouble.headers, 'content-type': 'text/html' });
      return void outgoing.end('<html>No.</html>');
    }
    const { method, headers, url = '' } = incoming;
    const onward = request(new URL(url, endpoint), { method, headers });
    onward.end(bytes);
    const [answer]: IncomingMessage[] = await once(onward, 'response');
    if (!answer) return;
    const body = await buffer(answer);
    if (trouble === 'after') return void incoming.socket.destroy();
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    if (trouble !== 'midway') return void outgoing.end(body);
    outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy());
  }

  const proxy: UnsteadyProxy = {
    ...(await listenOnLoopback(http, 0)),
    troubles,
    onRequest: () => {},
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
  return proxy;
}
