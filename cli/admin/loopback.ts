import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Ends every connection, also one that is in use. */
  close(): Promise<void>;
}

/**
 * Listens on a free port, on both addresses that a browser may try for a name below `localhost`: on one
 * of them alone, another account of this machine could take the same port of the other.
 */
export async function listenOnLoopback(listener: RequestListener): Promise<Listening> {
  for (let triesLeft = 20; ; triesLeft--) {
    const first = await listen(listener, '127.0.0.1', 0);
    const { port } = first.address() as AddressInfo;
    try {
      const second = await listen(listener, '::1', port);
      return { port, close: () => closeAll([first, second]) };
    } catch (error) {
      // Where this machine has no such address, nobody else can listen on it either.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (/^(EADDRNOTAVAIL|EAFNOSUPPORT)$/.test(code)) {
        return { port, close: () => closeAll([first]) };
      }
      await closeAll([first]);
      if (code !== 'EADDRINUSE' || triesLeft === 0) throw error;
    }
  }
}

function listen(listener: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    }),
  );
}
