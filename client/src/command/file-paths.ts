import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from './input-error.ts';
import { STDIN } from './text-source.ts';

const KNOWN = /\.(?:json|ndjson|jsonl|csv|tsv|txt)(?:\.gz)?$/i;
/** What the command itself leaves beside a file. */
const LEFT_BY_US = /\.(?:journal(?:\.lock)?|rejected\.(?:ndjson|csv))$/;

/**
 * The files that are meant: of a folder those in it whose endings are known, of a pattern such as
 * `exports/*.csv` those that match, each by name and once. What was refused before, and journals,
 * are meant only where they are named.
 *
 * @throws {InputError} where there are none
 */
export function filePaths(given: readonly string[]): string[] {
  return [...new Set(given.flatMap(pathsOf))];
}

function pathsOf(path: string): string[] {
  if (path === STDIN) return [path];
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const names = fs.readdirSync(path).filter((name) => KNOWN.test(name));
    const files = chosen(names.map((name) => join(path, name)));
    if (files.length > 0) return files;
    throw new InputError(
      `${path} has no files of orders: .json, .ndjson, .jsonl, .csv, .tsv, .txt.`,
    );
  }
  if (found || !/[*?[{]/.test(path)) return [path];
  const files = chosen(matching(path));
  if (files.length > 0) return files;
  throw new InputError(`There is no file that matches ${path}.`);
}

const chosen = (paths: readonly string[]) =>
  paths
    .filter((path) => !LEFT_BY_US.test(path) && !basename(path).startsWith('.'))
    .filter((path) => fs.statSync(path).isFile())
    .sort();

function matching(pattern: string): string[] {
  // Of Node.js from 22 on; an import by its name would fail before.
  if (typeof fs.globSync === 'function') return fs.globSync(pattern);
  throw new InputError(
    `${pattern} in quotation marks needs Node.js 22 or later; without them the shell knows what it means.`,
  );
}
