import { type CommandLine, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';

export const SMOKE_LINE = {
  name: 'npm run smoke',
  options: TARGET_OPTIONS,
} as const satisfies CommandLine;

/** @throws {UsageError} when the arguments do not fit */
export function readSmokeArguments(args: readonly string[]): TargetChoice | 'help' {
  const given = readArguments(SMOKE_LINE, args);
  return given === 'help' ? given : chooseTarget(given.options);
}
