import type { ServerResponse } from 'node:http';

/**
 * Aborts when the client goes away before it has its whole answer: nobody waits for one any more.
 */
export function clientGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
