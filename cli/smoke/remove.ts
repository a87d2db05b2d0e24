import { toError } from '../caught.ts';
import { askAllKeys, revokeKey } from '../keys/request.ts';
import { erasures } from '../sellers/erase.ts';
import { findSeller } from '../sellers/request.ts';
import { eraseCommand } from '../sellers/texts.ts';
import { ServiceError } from '../service-error.ts';
import type { Target, TargetChoice } from '../target/target.ts';
import { inTime } from './ask.ts';
import { patiently } from './patiently.ts';

interface Removal {
  readonly target: Target;
  readonly of: TargetChoice;
  readonly user: string;
  readonly pausesMs?: readonly number[] | undefined;
  readonly say: (line: string) => void;
}

/**
 * Erases the test seller, whose keys end with it. Nothing stops it.
 *
 * @throws {ServiceError} when something is left; it says how to remove that
 */
export async function removeSeller({ target, of, user, pausesMs, say }: Removal): Promise<void> {
  const { signal } = new AbortController();
  try {
    await patiently(
      async () => {
        await findSeller(target, user, inTime(signal));
        for await (const { wait_s } of erasures(target, user, signal)) {
          if (wait_s !== undefined) say(`        the key and the name follow in ${wait_s} s`);
        }
      },
      signal,
      pausesMs,
    );
  } catch (cause) {
    if (cause instanceof ServiceError && cause.status === 404) return; // it never came to be
    await revokeKeys(target, user, inTime(signal)).catch(() => {}); // they end within the hour
    const advice = `To remove it once that works: ${eraseCommand({ user, of })}`;
    throw new ServiceError(`${toError(cause).message}\n${advice}`, { cause });
  }
}

/** What is left opens nothing: who runs this may be allowed to make keys, and not to erase. */
async function revokeKeys(target: Target, user: string, signal: AbortSignal): Promise<void> {
  for (const { id } of await askAllKeys(target, { user }, signal)) {
    await revokeKey(target, { id }, signal);
  }
}
