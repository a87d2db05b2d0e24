import { chmodSync, cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Copies a folder so that every user may read it, whatever the umask is and it was. */
export function copyForAll(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  openToAll(to);
}

/** Lets every user read a folder and all in it, and run what its owner may. */
export function openToAll(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [folder, ...paths]) {
    const { mode } = statSync(path);
    chmodSync(path, mode | 0o444 | ((mode & 0o100) === 0 ? 0 : 0o111));
  }
}
