import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portError } from '../../cli/ports.ts';
import { ownHostOnly } from './own-host.ts';

export interface Listening {
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
  /** Ends every connection, also one that is in use. */
  close(): Promise<void>;
}

/**
 * Lets a stand-in listen on loopback, and nowhere else, and answer only to this machine's own names.
 *
 * @param http with its listeners
 * @param port 0 for a free one
 * @throws {StartError} when the port is taken, perhaps only since it was looked at
 */
export async function listenOnLoopback(http: Server, port: number): Promise<Listening> {
  const [listener] = http.listeners('request') as RequestListener[];
  if (listener) http.removeAllListeners('request').on('request', ownHostOnly(listener));
  http.keepAliveTimeout = 60_000; // longer than clients keep a connection that they do not use
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause) => reject(portError(port, cause)));
    http.listen(port, '127.0.0.1', resolve);
  });
  const address = http.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}
