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
