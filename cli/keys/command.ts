import type { Command } from '../run-command.ts';
import { findTarget } from '../target/choice.ts';
import { KEYS_LINE, type KeysArguments, readKeysArguments } from './arguments.ts';
import { runKeys } from './run.ts';
import { withWhatMayBe } from './unheard.ts';

/** Makes, lists, rotates and revokes sellers' keys, of a local service or a deployed one. */
export const keysCommand: Command<KeysArguments> = {
  line: KEYS_LINE,
  read: readKeysArguments,
  isEndedAtOnce: true,
  run: async (given) => {
    const { of, command } = given;
    // Instead of the arguments, which everybody on this machine sees.
    process.title = 'order-analytics keys';
    const target = await findTarget(of);
    const told = await runKeys(target, command).catch((error) => {
      throw withWhatMayBe(error, given);
    });
    console.log(told);
  },
};
