import type { Clock } from '../../client/src/index.ts';

/** What a service may answer, or throw for what happens to a connection. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** A service that gives each request its next answer, and the last one to all others. */
export function fakeService(...answers: readonly Answer[]) {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request.clone());
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (!answer) throw new Error('There is no answer to give.');
    return answer(request);
  };
  return { fetch, requests };
}

/** A clock whose time passes by waiting alone. */
export function fakeClock(
  random = 0.5,
  start = '2025-11-12T10:00:00Z',
): Clock & { readonly waits: number[] } {
  let now = Date.parse(start);
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => random,
    async wait(ms) {
      waits.push(ms);
      now += ms;
    },
  };
}

/** What an upload of one new order is answered. */
export const stored = (user: unknown) => ({
  user,
  orders_created: 1,
  orders_updated: 0,
  orders_unchanged: 0,
  orders_stale: 0,
});

export const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
