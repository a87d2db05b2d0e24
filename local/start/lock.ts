import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DataFolder } from './data-folder.ts';
import { StartError } from './options.ts';

/**
 * Makes a data folder this process's own until it is released. The lock is SQLite's on an empty
 * database: Node has no file lock, and the system drops this one with the process, however that ends.
 *
 * @throws {StartError} when another process has the folder, or it cannot be written
 */
export function lockDataFolder(data: DataFolder): { release(): void } {
  const database = open(data);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw unusable(data, cause);
    throw new StartError(`${data.folder} is in use by another npm start${holder(data)}.`, {
      cause,
    });
  }
  writeFileSync(data.pid, String(process.pid));
  return {
    release: () => {
      rmSync(data.pid, { force: true });
      database.close();
    },
  };
}

/** @see https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function open(data: DataFolder): DatabaseSync {
  try {
    mkdirSync(data.folder, { recursive: true });
    return new DatabaseSync(data.lock, { timeout: 0 });
  } catch (cause) {
    throw unusable(data, cause);
  }
}

function unusable({ folder }: DataFolder, cause: unknown): StartError {
  return new StartError(`${folder} cannot be used: ${(cause as Error).message}.`, { cause });
}

function holder({ pid }: DataFolder): string {
  try {
    return ` (process ${readFileSync(pid, 'utf8')})`;
  } catch {
    return '';
  }
}
