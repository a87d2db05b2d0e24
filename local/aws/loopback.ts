import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import { ownHostOnly } from './own-host.ts';

/**
 * What listens on loopback until it is disposed of; that ends every connection, also one in use.
 */
export interface Listening extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly endpoint: string;
}

/**
 * Lets a stand-in listen on loopback, and nowhere else,
 * and answer only to this machine's own names.
 *
 * @param http with its listeners
 * @param port 0 for a free one
 * @throws {NodeJS.ErrnoException} when the port cannot be had, perhaps only since it was looked at
 */
export async function listenOnLoopback(http: Server, port: number): Promise<Listening> {
  const [listener] = http.listeners('request') as RequestListener[];
  if (listener) http.removeAllListeners('request').on('request', ownHostOnly(listener));
  http.keepAliveTimeout = 60_000; // longer than clients keep a connection that they do not use
  const listening = await listen(http, port, '127.0.0.1');
  return {
    port: listening,
    endpoint: `http://127.0.0.1:${listening}`,
    [Symbol.asyncDispose]: () => closeWhole(http),
  };
}

/** The port on which a server listens now, for which 0 stands for a free one. */
export async function listen(server: NetServer, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A loopback port that nobody has at this moment, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, 0, '127.0.0.1');
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Stops listening and ends every connection, also one that is in use. */
export async function closeWhole(http: Server): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeAllConnections();
  await closed;
}
