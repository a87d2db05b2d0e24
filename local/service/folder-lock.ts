import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { MachineError } from '../machine-error.ts';
import { makeFolder } from '../make-folder.ts';
import { isDiskFull } from '../postgres/disk-full.ts';

/** A folder with the files that say whose it is. */
export interface LockableFolder {
  readonly folder: string;
  readonly lock: string;
  readonly pid: string;
}

/** A data folder that is this process's own. */
export interface FolderLock {
  /** Says there whose it is, where that could not be written before as the disk was full. */
  sign(): void;
  release(): void;
}

/**
 * Makes a data folder this process's own until it is released. The lock is SQLite's on an
 * empty database: Node has no file lock, and the system drops this one with the process,
 * however that ends. It can be had on a full disk, or nobody could make room there.
 *
 * @throws {MachineError} when another process has the folder, or it cannot be written
 */
export function lockDataFolder(data: LockableFolder): FolderLock {
  const database = open(data);
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw unusable(data, cause);
    throw new MachineError(`${data.folder} is in use by another process${holder(data)}.`, {
      cause,
    });
  }
  held.add(database);
  const sign = () => writeFileSync(data.pid, String(process.pid));
  try {
    sign();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    rmSync(data.pid, { force: true }); // may have been begun
  }
  return {
    sign,
    release: () => {
      rmSync(data.pid, { force: true });
      held.delete(database);
      database.close();
    },
  };
}

/** A database that nothing refers to is closed, and its lock dropped, when memory is tidied up. */
const held = new Set<DatabaseSync>();

/**
 * The id of the process that has a data folder, as text; `undefined` when none has.
 * What a killed process left says nothing: another program may have its id by now.
 */
export function folderHolder(data: LockableFolder): string | undefined {
  if (!existsSync(data.lock)) return undefined;
  const database = new DatabaseSync(data.lock, { timeout: 0 });
  try {
    database.exec('SELECT 1 FROM sqlite_schema');
    return undefined;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) return undefined;
    return readFileSync(data.pid, 'utf8');
  } finally {
    database.close();
  }
}

/** @see https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/** Who only asks whose a folder is has the lock for a moment. */
const PATIENCE_MS = 100;

function open(data: LockableFolder): DatabaseSync {
  try {
    makeFolder(data.folder);
    return new DatabaseSync(data.lock, { timeout: PATIENCE_MS });
  } catch (cause) {
    throw unusable(data, cause);
  }
}

function unusable({ folder }: LockableFolder, cause: unknown): MachineError {
  return new MachineError(`${folder} cannot be used: ${(cause as Error).message}.`, { cause });
}

function holder({ pid }: LockableFolder): string {
  try {
    return ` (${readFileSync(pid, 'utf8')})`;
  } catch {
    return '';
  }
}
