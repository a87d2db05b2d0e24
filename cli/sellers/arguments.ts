import { nearestName } from '../nearest-name.ts';
import { type CommandLine, misuse, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';
import { UsageError } from '../usage-error.ts';

export interface SellersArguments {
  /** The seller to erase. */
  readonly user: string;
  /** Whether that was said twice, so that nobody is asked. */
  readonly isConfirmed: boolean;
  readonly of: TargetChoice;
}

export const SELLERS_LINE = {
  name: 'npm run sellers',
  subcommands: { erase: { subject: 'SELLER', options: ['confirm'] } },
  options: {
    confirm: {
      value: 'SELLER',
      help: "the seller's name once more, instead of being asked on a terminal",
    },
    ...TARGET_OPTIONS,
  },
} as const satisfies CommandLine;

/** @throws {UsageError} when the arguments do not fit */
export function readSellersArguments(args: readonly string[]): SellersArguments | 'help' {
  const given = readArguments(SELLERS_LINE, args);
  if (given === 'help') return given;
  const {
    words: [name, user, ...others],
    options,
  } = given;
  if (!name || !user || others.length > 0)
    throw misuse(SELLERS_LINE, 'A command and one seller are needed');
  if (name !== 'erase') {
    const meant = nearestName(name, Object.keys(SELLERS_LINE.subcommands));
    throw misuse(SELLERS_LINE, `There is no command ${name}`, { meant });
  }
  if (options.confirm !== undefined && options.confirm !== user)
    throw new UsageError('--confirm has another name than the command: nothing was erased.');
  return { user, isConfirmed: options.confirm !== undefined, of: chooseTarget(options) };
}
