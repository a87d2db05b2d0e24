import { fstatSync, ftruncateSync, readFileSync } from 'node:fs';
import { isUnread } from '../../caught.ts';
import { type Write, wholeStdout } from '../../stdout.ts';
import { UsageError } from '../../usage-error.ts';

const STDOUT = 1;

/**
 * Writes to stdout. `npm run` has written there what it runs, as it always does; out of a file,
 * that is taken again.
 *
 * @throws {UsageError} where that cannot be done, as in a pipe
 */
export function openOutput(env: NodeJS.ProcessEnv = process.env): Write {
  const isAfterNpm = env.npm_lifecycle_event !== undefined && env.npm_config_loglevel !== 'silent';
  if (!isAfterNpm || process.stdout.isTTY) return whileRead(wholeStdout());
  const start = startOfBanner();
  if (start === undefined) {
    throw new UsageError(
      'npm run writes what it runs where the orders would be: type npm run -s admin -- export …',
    );
  }
  ftruncateSync(STDOUT, start);
  return whileRead(wholeStdout(start));
}

/** At the end of stdout, if it is a file that can be read, which Linux alone lets us know. */
function startOfBanner(): number | undefined {
  try {
    if (!fstatSync(STDOUT).isFile()) return undefined;
    const written = readFileSync(`/proc/self/fd/${STDOUT}`, 'latin1');
    const [banner] = /\n> \S+@\S+ admin\n> [^\n]*\n\n$/.exec(written) ?? [];
    return banner === undefined ? undefined : written.length - banner.length;
  } catch {
    return undefined;
  }
}

/** When nobody reads any more, the command is told to stop by its signal. */
function whileRead(write: Write): Write {
  return (text) =>
    write(text).catch((error) => {
      if (!isUnread(error)) throw error;
    });
}
