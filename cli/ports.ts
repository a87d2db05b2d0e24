import { createServer } from 'node:net';
import { StartError } from './start/options.ts';

/** @throws {StartError} when the loopback port cannot be listened on */
export async function assertPortIsFree(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (cause: NodeJS.ErrnoException) => reject(portError(port, cause)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

/** What to tell a person when listening on `port` failed with `cause`. */
export function portError(port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'EADDRINUSE') {
    const advice = 'end the program that has it, or choose another with --port';
    return new StartError(`Port ${port} is taken: ${advice}.`, { cause });
  }
  if (cause.code === 'EACCES') {
    return new StartError(`Port ${port} is not for this user: choose one above 1023.`, { cause });
  }
  return cause;
}
