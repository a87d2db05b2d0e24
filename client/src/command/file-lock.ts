import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from './input-error.ts';

export interface Lock {
  release(): void;
}

/**
 * Keeps a second command away from what this one is at work on, until it is released. The lock is a
 * file that names its process: what a killed one has left holds nothing.
 *
 * @throws {InputError} while another process has it
 */
export function lock(path: string): Lock {
  while (!makeLock(path)) {
    const holder = holderOf(path);
    if (isAnother(holder)) {
      throw new InputError(
        `This is being sent by another process (${holder}): wait for that. Where it is none of this command, delete ${path}.`,
      );
    }
    rmSync(path, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

function makeLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    rmSync(path, { force: true }); // which a full disk may have left without its text
    throw error;
  }
}

/** 0 for what says nothing. */
function holderOf(path: string): number {
  try {
    const text = readFileSync(path, 'utf8');
    return /^[1-9]\d*$/.test(text) ? Number(text) : 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0; // released meanwhile
    throw error;
  }
}

function isAnother(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
