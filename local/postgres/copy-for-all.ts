import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './processes.ts';

/**
 * Copies a folder so that every user may read it, whatever the umask is and it was; the whole of it
 * or nothing. Several processes may copy at once.
 */
export function copyForAll(from: string, to: string): void {
  const part = `${to}.${randomUUID()}.${process.pid}`;
  try {
    cpSync(from, part, { recursive: true, verbatimSymlinks: true, filter: everything });
    openToAll(part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}

/** Without a filter Node 24 copies in C++, where a full disk is an EIO or ends the process. */
const everything = () => true;

/** Deletes what copies into a folder have left whose process was killed. */
export function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [part, pid] = PART.exec(name) ?? [];
    // Ours is of a process that had our id before, as in a container that was started again.
    if (!part || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    rmSync(join(folder, name), { recursive: true, force: true }); // others may be at it, too
  }
}

/** Older ones do not name their process. */
const PART = /\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:\.(\d+))?$/;

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
