import { resolve } from 'node:path';

/**
 * A command as a person pastes it into a shell: `npm run nightly -- --from 2025-01-01 --data DIR`.
 *
 * @param dataDir the folder that it has to work on; the default one is not named
 */
export function pastedCommand(
  command: string,
  options: readonly string[],
  dataDir: string,
): string {
  const data = dataDir === resolve('.local') ? [] : ['--data', shellWord(dataDir)];
  const all = [...options, ...data];
  return all.length === 0 ? command : `${command} -- ${all.join(' ')}`;
}

/** A text that every POSIX shell takes for one word, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
