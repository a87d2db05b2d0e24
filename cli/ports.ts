import { createServer } from 'node:net';
import { listen } from '../local/aws/loopback.ts';
import { errorCode } from './caught.ts';
import { UsageError } from './usage-error.ts';

/** @throws {NodeJS.ErrnoException} when the loopback port cannot be listened on */
export async function assertPortIsFree(port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, port, '127.0.0.1');
  await new Promise((resolve) => probe.close(resolve));
}

/** What to tell a person of an error; what is no refused port stays as it is. */
export function explainPortError(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('port' in error)) return error;
  const { syscall, port } = error;
  if (syscall !== 'listen') return error;
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    const advice = 'end the program that has it, or choose another with --port';
    return new UsageError(`Port ${port} is taken: ${advice}.`, { cause: error });
  }
  if (code === 'EACCES') {
    return new UsageError(`Port ${port} is not for this user: choose one above 1023.`, {
      cause: error,
    });
  }
  return error;
}
