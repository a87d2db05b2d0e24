import { createServer } from 'node:http';
import { listenOnLoopback } from '../../local/aws/loopback.ts';

/** A port that was free a moment ago, as an argument. */
export async function freePort(): Promise<string> {
  await using free = await listenOnLoopback(createServer(), 0);
  return String(free.port);
}
