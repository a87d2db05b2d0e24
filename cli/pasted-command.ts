import { resolve } from 'node:path';
import type { TargetChoice } from './target/target.ts';

/**
 * A command as a person pastes it into a shell: `npm run nightly -- --from 2025-01-01 --data DIR`.
 *
 * @param of what it has to work on; the default folder is not named
 */
export function pastedCommand(
  command: string,
  options: readonly string[],
  of: TargetChoice,
): string {
  const all = [...options, ...targetArguments(of)];
  return all.length === 0 ? command : `${command} -- ${shellWords(all)}`;
}

/** The options that choose the same again, as they are pasted; none for the default folder. */
export function pastedChoice(of: TargetChoice): string {
  return shellWords(targetArguments(of));
}

const shellWords = (words: readonly string[]) => words.map(shellWord).join(' ');

function targetArguments(of: TargetChoice): string[] {
  if ('stage' in of) {
    const { stage, profile } = of;
    return ['--stage', stage, ...(profile === undefined ? [] : ['--profile', profile])];
  }
  return of.dataDir === resolve('.local') ? [] : ['--data', of.dataDir];
}

/** A text that every POSIX shell takes for one word, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
