import { resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

// What the texts of options mean, for several commands.

/** @throws {UsageError} */
export function readPort(text: string, option: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw new UsageError(`--${option} ${text}: a port is a whole number from 1 to 65535.`);
  }
  return port;
}

/** @throws {UsageError} also when it is empty, which is no 0 */
export function readCount(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} ${text}: it is a whole number from 0.`);
}

/**
 * The whole path of a folder.
 *
 * @throws {UsageError}
 */
export function readFolder(text: string, option: string): string {
  if (text === '') throw new UsageError(`--${option} needs the name of a folder.`);
  const folder = resolve(text);
  if (!/[\n\r]/.test(folder)) return folder;
  // PostgreSQL makes no data there, and no sentence with it would be one line.
  throw new UsageError(`--${option}: the folder's whole path must have no line break.`);
}

/** @throws {UsageError} when it is empty */
export function readText(text: string, option: string): string {
  if (text === '') throw new UsageError(`--${option} needs a value.`);
  return text;
}

/** @throws {UsageError} */
export function readChoice<const Choice extends string>(choices: readonly Choice[]) {
  return (text: string, option: string): Choice => {
    const choice = choices.find((known) => known === text);
    if (choice !== undefined) return choice;
    throw new UsageError(`--${option} ${text}: it is one of ${choices.join(', ')}.`);
  };
}
