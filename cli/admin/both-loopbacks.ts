import { createServer, type RequestListener } from 'node:http';
import { closeWhole, type Listening, listen } from '../../local/aws/loopback.ts';
import { errorCode } from '../caught.ts';

/**
 * Listens on a port, on both addresses that a browser may try for a name below `localhost`:
 * on one of them alone, another account of this machine could take the same port of the other.
 *
 * @param wanted the port, 0 for one that is free
 * @throws {NodeJS.ErrnoException} when it is taken on either of them
 */
export async function listenOnBothLoopbacks(
  listener: RequestListener,
  wanted: number,
): Promise<Omit<Listening, 'endpoint'>> {
  for (let triesLeft = 20; ; triesLeft--) {
    const first = createServer(listener);
    const second = createServer(listener);
    const port = await listen(first, wanted, '127.0.0.1');
    try {
      await listen(second, port, '::1');
      return {
        port,
        [Symbol.asyncDispose]: async () => {
          await Promise.all([closeWhole(first), closeWhole(second)]);
        },
      };
    } catch (error) {
      // Where this machine has no such address, nobody else can listen on it either.
      const code = errorCode(error);
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        return { port, [Symbol.asyncDispose]: () => closeWhole(first) };
      }
      await closeWhole(first);
      if (code !== 'EADDRINUSE' || wanted !== 0 || triesLeft === 0) throw error;
    }
  }
}
