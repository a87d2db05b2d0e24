import { isUnread } from '../caught.ts';
import { whyNotWritten } from '../for-people.ts';
import type { Command } from '../run-command.ts';
import { ServiceError } from '../service-error.ts';
import { wholeStdout } from '../stdout.ts';
import { findTarget } from '../target/choice.ts';
import { KEYS_LINE, type KeysArguments, type KeysCommand, readKeysArguments } from './arguments.ts';
import { runKeys } from './run.ts';
import { withWhatMayBe } from './unheard.ts';

/** Makes, lists, rotates and revokes sellers' keys, of a local service or a deployed one. */
export const keysCommand: Command<KeysArguments> = {
  line: KEYS_LINE,
  read: readKeysArguments,
  isEndedAtOnce: true,
  run: async (given, signal) => {
    const { of, command } = given;
    // Instead of the arguments, which everybody on this machine sees.
    process.title = 'order-analytics keys';
    const target = await findTarget(of, signal);
    await runKeys(target, command)
      .then((told) => print(told, command))
      .catch((error) => {
        throw withWhatMayBe(error, given);
      });
  },
};

/** @throws {ServiceError} when it cannot be written: a new key's secret is nowhere else */
async function print(told: string, { name }: KeysCommand): Promise<void> {
  const hasSecret = name === 'create' || name === 'rotate';
  await wholeStdout()(`${told}\n`).catch((cause) => {
    if (isUnread(cause) && !hasSecret) return;
    throw new ServiceError(`The answer cannot be written: ${whyNotWritten(cause)}.`, { cause });
  });
}
