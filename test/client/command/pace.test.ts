import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { Pace } from '../../../client/src/command/pace.ts';
import { UploadCommand } from '../../../client/src/command/upload-command.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { json, stored } from '../fake-service.ts';

const folder = temporaryFolder();
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A service that answers when it is told to, and how it is asked. */
function heldService(max: number) {
  const held: ((status: number) => void)[] = [];
  const send = () =>
    new Promise<Response>((resolve) => {
      held.push((status) => resolve(new Response('', { status })));
    });
  const pace = new Pace(max, send);
  const ended: Promise<unknown>[] = [];
  return {
    pace,
    underWay: () => held.length,
    ask: (count: number, signal?: AbortSignal) => {
      for (let i = 0; i < count; i += 1)
        ended.push(pace.fetch('http://a', { signal: signal ?? null }));
      return ended.at(-1);
    },
    async answer(...statuses: number[]) {
      for (const status of statuses) held.shift()?.(status);
      await setImmediate();
    },
  };
}

describe('Pace', () => {
  it('has as many requests at once as it may, and begins one for each that ends', async () => {
    const { ask, answer, underWay } = heldService(3);
    ask(5);
    await setImmediate();
    expect(underWay()).toBe(3);
    await answer(200);
    expect(underWay()).toBe(3);
    await answer(200, 200, 200);
    expect(underWay()).toBe(1);
  });

  it.each([
    429, 503, 504,
  ])('has half as many after a %i, once for all that were under way', async (status) => {
    const { ask, answer, underWay, pace } = heldService(8);
    ask(20);
    await answer();
    await answer(...Array(8).fill(status));
    expect(pace.limit).toBe(4);
    expect(underWay()).toBe(4);
    await answer(status);
    expect(pace.limit).toBe(2);
    await answer(status, status, status);
    await answer(status, status);
    await answer(status);
    expect([pace.limit, underWay()]).toEqual([1, 1]);
  });

  it('has one more after each round that goes well, up to what it may', async () => {
    const { ask, answer, pace } = heldService(4);
    ask(40);
    await answer();
    await answer(429, 429, 429, 429);
    const limits = [];
    for (let round = 0; round < 4; round += 1) {
      await answer(...Array(pace.limit).fill(200));
      limits.push(pace.limit);
    }
    expect(limits).toEqual([2, 3, 4, 4]);
  });

  it('lets a request go that is given up while it waits', async () => {
    const { ask, answer, underWay } = heldService(1);
    ask(1);
    const stop = new AbortController();
    const given = ask(1, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(given).rejects.toThrow('stopped');
    ask(1);
    await answer(200);
    expect(underWay()).toBe(1);
    await answer(200);
  });
});

describe('order-analytics upload', () => {
  it('sends fewer chunks at once to a service that is busy, and more again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0); // no pauses
    const path = join(folder, 'orders.ndjson');
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    writeFileSync(
      path,
      numbers.map((i) => `{"order_number":"${i}","note":"${'x'.repeat(1_100)}"}\n`).join(''),
    );
    const counts: number[] = [];
    let [atOnce, asked] = [0, 0];
    const meetings = new Map([2, 4].map((count) => [count, Promise.withResolvers<void>()]));
    vi.stubGlobal('fetch', async (url: string) => {
      if (url.includes('whoami')) return json(200, { user: 'a', scopes: [] });
      if (url.includes('stats')) return json(404, {});
      const place = asked++;
      atOnce += 1;
      // Nobody is answered before the others have come: four, two after these were refused, and
      // four again when enough has gone well.
      if (place === 4) meetings.set(2, Promise.withResolvers());
      if (place === 20) meetings.set(4, Promise.withResolvers());
      meetings.get(atOnce)?.resolve();
      if (place < 4 || place >= 20) await meetings.get(4)?.promise;
      else if (place < 6) await meetings.get(2)?.promise;
      counts.push(atOnce);
      atOnce -= 1;
      return place < 4 ? json(503, {}) : json(200, stored('a'));
    });
    const args = readArguments(['upload', path, '--parallel', '4', '--chunk-kib', '1']);
    if (!args) throw new Error('There are no arguments.');
    const io = { output: { write: () => {} }, signal: new AbortController().signal };
    await new UploadCommand(args, { url: 'http://a', key: 'k' }, io).run();
    expect(counts.slice(0, 4)).toContain(4);
    expect(Math.max(...counts.slice(4, 6))).toBe(2);
    expect(Math.max(...counts.slice(20))).toBe(4);
    expect(counts).toHaveLength(64);
  });
});
