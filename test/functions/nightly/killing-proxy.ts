import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';

/** When a call is lost with whoever made it: before it runs, or after it has. */
export type Moment = 'before' | 'after';

/**
 * Passes calls on to the Data API. At call number `at` it calls `kill`,
 * before or after the call has run, and answers nothing.
 */
export async function killingProxy(endpoint: string, at: number, moment: Moment, kill: () => void) {
  let calls = 0;
  const http = createServer(async (incoming, outgoing) => {
    calls += 1;
    const isLast = calls === at;
    if (isLast && moment === 'before') return kill();
    const body = await buffer(incoming);
    const { method, headers, url = '' } = incoming;
    const onward = request(new URL(url, endpoint), { method, headers }, async (answer) => {
      const bytes = await buffer(answer);
      if (isLast) return kill();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      outgoing.end(bytes);
    });
    onward.end(body);
  });
  return listenOnLoopback(http, 0);
}
