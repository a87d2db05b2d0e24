import { once } from 'node:events';
import { isUnread } from './caught.ts';

/**
 * Aborts at the first request to stop; later ones, as the second Ctrl-C that npm passes on, change
 * nothing. That nobody reads any more what is printed, as after `| head`, is such a request, too.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort());
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      // With another error, as on a full disk, lines are lost.
      if (isUnread(error)) controller.abort();
    });
  }
  return controller.signal;
}

/** Waits until a signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/**
 * What `work` comes to, for work that takes no signal.
 *
 * @throws the signal's reason once it is aborted; nobody waits for the work then
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
