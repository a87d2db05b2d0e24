import type { Command } from '../run-command.ts';
import { findTarget } from '../target/choice.ts';
import { KEYS_LINE, type KeysArguments, readKeysArguments } from './arguments.ts';
import { runKeys } from './run.ts';

/** Makes, lists, rotates and revokes sellers' keys, of a local service or a deployed one. */
export const keysCommand: Command<KeysArguments> = {
  line: KEYS_LINE,
  read: readKeysArguments,
  isEndedAtOnce: true,
  run: async ({ of, command }) => {
    // Instead of the arguments, which everybody on this machine sees.
    process.title = 'order-analytics keys';
    console.log(await runKeys(await findTarget(of), command));
  },
};
