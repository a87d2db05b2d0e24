import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../..');

/** The file of an assembly that says of which sources it is, and that it is whole. */
export const STAMP = '.sources';

/** What an assembly is made of, and how; the lockfile stands for the packages. */
const SOURCES = [
  'bin',
  'lib',
  'functions',
  'db',
  'docs/openapi.json',
  'package-lock.json',
  'local/service/assembly-stamp.ts',
  'local/service/synthesize.ts',
];

/** The same for as long as `synthesize` would make the same. */
export function sourcesDigest(): string {
  const hash = createHash('sha256').update(process.version);
  addFiles(hash, PROJECT, SOURCES.flatMap(filesOf));
  return hash.digest('hex');
}

/**
 * What the stamp of a whole assembly says. It is also of its files: a power cut empties them, and
 * people delete some.
 */
export function stampOf(directory: string, digest: string): string {
  const hash = createHash('sha256').update(digest);
  addFiles(
    hash,
    directory,
    filesIn(directory).filter((file) => file !== STAMP),
  );
  return hash.digest('hex');
}

function addFiles(hash: Hash, folder: string, files: readonly string[]): void {
  for (const file of files) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
}

/** The file itself, or a folder's files. */
function filesOf(source: string): string[] {
  if (source.includes('.')) return [source];
  return filesIn(join(PROJECT, source)).map((file) => join(source, file));
}

/** All files below a folder, in a fixed order. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
