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
    process.title = 'order-analytics keys'; // instead of the arguments, which everybody on this machine sees
    console.log(await runKeys(await findTarget(of), command));
  },
};
