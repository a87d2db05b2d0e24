import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { initialize } from '../../local/postgres/data-folder.ts';
import { serverPaths } from '../../local/postgres/paths.ts';

// Making PostgreSQL's data takes ten times as long as copying it and starting.

/** Settings of servers whose data nobody wants after them. */
export const THROWN_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '1GB', // whatever the segments' size
};

/** Makes a data folder that no server has used yet; a third of it would be empty log segments. */
export async function makePostgresData(dataDir: string): Promise<void> {
  await initialize(serverPaths(dataDir), ['--wal-segsize=1']);
}

/** A data folder as another was made, with its password and its owner. */
export function copyPostgresData(from: string, dataDir: string): void {
  const to = serverPaths(dataDir).dataDir;
  execFileSync('cp', ['-a', `${realpathSync(from)}/.`, to]); // cpSync would leave the owner out
}
