import { type CommandLine, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';

export interface AdminArguments {
  readonly of: TargetChoice;
  /** Whether the browser is opened; the address and its code are printed either way. */
  readonly open: boolean;
}

export const ADMIN_LINE = {
  name: 'npm run admin',
  options: {
    ...TARGET_OPTIONS,
    'no-open': { help: 'prints the address and its code, and leaves the browser alone' },
  },
} as const satisfies CommandLine;

/** @throws {UsageError} when an option or its value does not fit */
export function readAdminArguments(args: readonly string[]): AdminArguments | 'help' {
  const given = readArguments(ADMIN_LINE, args);
  if (given === 'help') return given;
  return { of: chooseTarget(given.options), open: !given.options['no-open'] };
}
