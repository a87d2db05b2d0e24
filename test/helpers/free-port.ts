import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { listenOnLoopback } from '../../local/aws/loopback.ts';

/** Systems give none of these to who asks for any port, as others do meanwhile. */
const GIVEN_TO_NOBODY = [20_000, 32_000] as const;

/** A port that was free a moment ago, as an argument. */
export async function freePort(): Promise<string> {
  for (;;) {
    try {
      await using free = await listenOnLoopback(createServer(), randomInt(...GIVEN_TO_NOBODY));
      return String(free.port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
