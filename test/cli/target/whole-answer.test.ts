import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { wholeAnswer } from '../../../cli/target/whole-answer.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';

describe('wholeAnswer', () => {
  it('says in words that no answer came in time', async () => {
    const giveUp = new AbortController();
    const timeout = new DOMException('The time is over.', 'TimeoutError');
    await using silent = await listenOnLoopback(
      createServer(() => giveUp.abort(timeout)),
      0,
    );
    const fetching = fetch(silent.endpoint, { signal: giveUp.signal });
    await expect(wholeAnswer(silent.endpoint, fetching)).rejects.toThrow(
      `Nothing answers at ${silent.endpoint} (not in time).`,
    );
  });

  it('says in words that half of an answer came', async () => {
    await using broken = await listenOnLoopback(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('half', () => response.destroy());
      }),
      0,
    );
    await expect(wholeAnswer(broken.endpoint, fetch(broken.endpoint))).rejects.toThrow(
      /^Nothing answers at .* \(\w+\)\.$/,
    );
  });
});
