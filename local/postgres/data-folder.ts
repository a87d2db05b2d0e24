import { type ExecFileException, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MachineError } from '../machine-error.ts';
import { guard } from '../processes/guard.ts';
import { isFileThere } from '../regular-file.ts';
import type { ServerPaths } from './paths.ts';
import { endLeftovers } from './processes.ts';

export const SUPERUSER = 'postgres';

/** PostgreSQL's own folder within the data folder. */
export const pgDataOf = (dataDir: string) => join(dataDir, 'pgdata');
/** Where data is that is being made or deleted: what is left of it is nobody's. */
export const unfinishedOf = (pgData: string) => `${pgData}.unfinished`;
export const logOf = (dataDir: string) => join(dataDir, 'server.log');
export const passwordFileOf = (dataDir: string) => join(dataDir, 'password');

/**
 * What is in a data folder without being of ours. Data without the password that is written before
 * it, or the log that a start leaves, is another server's.
 */
export function listForeign(dataDir: string): string[] {
  const names = readdirSync(dataDir);
  const isData = names.includes('password') || names.includes('server.log');
  return names
    .filter((name) => !OURS.test(name) || (name === 'pgdata' && !isData))
    .map((name) => join(dataDir, name));
}

const OURS = /^(?:pgdata(?:\.unfinished)?|password(?:\.unfinished)?|server\.log)$/;

/**
 * The passwords of which one opens the database, the newest first.
 *
 * @throws {MachineError} when there is none
 */
export function readPasswords(dataDir: string): string[] {
  const file = passwordFileOf(dataDir);
  const lines = isFileThere(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const passwords = lines.filter((line) => /[^\s\0]/.test(line)); // a power cut leaves NULs
  if (passwords.length > 0) return passwords;
  throw new MachineError(
    `${file} is missing or empty, and without it nobody gets into the database: put it back, or delete ${dataDir}.`,
  );
}

/** Whole or not at all, and on the disk: without them nobody gets in. */
export function writePasswords(
  { osUser, dataDir }: Pick<ServerPaths, 'osUser' | 'dataDir'>,
  passwords: readonly string[],
): void {
  const file = passwordFileOf(dataDir);
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, passwords.join('\n'), { mode: 0o600, flush: true });
  if (osUser) chownSync(unfinished, osUser.uid, osUser.gid);
  renameSync(unfinished, file);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder); // else a power cut may bring the former file back
  closeSync(folder);
}

/**
 * Makes what is there no data any more, before it is deleted: a deletion that is killed
 * leaves half of it, which a start would take for whole.
 */
export function giveUpData(dataDir: string): void {
  const pgData = pgDataOf(dataDir);
  if (!existsSync(pgData)) return;
  rmSync(unfinishedOf(pgData), { recursive: true, force: true });
  renameSync(pgData, unfinishedOf(pgData));
}

/**
 * `initdb` has a shell start the server, whose path it puts between quotation marks and no more.
 *
 * @throws {MachineError}
 */
function refuseShellCharacters(binDir: string): void {
  if (process.platform === 'win32' || !/["$`\\\n]/.test(binDir)) return;
  throw new MachineError(
    `PostgreSQL makes no data from a folder whose name has a $, ", \\, \` or a line break: move this project, of which it is in ${binDir}.`,
  );
}

/**
 * Makes the data when there is none; under another name first,
 * so that half of it is not taken for whole.
 *
 * @param options of `initdb`, beside ours
 * @throws {MachineError} when `initdb` does not make it
 */
export async function initialize(
  { osUser, binDir, dataDir }: ServerPaths,
  options: readonly string[] = [],
): Promise<void> {
  const pgData = pgDataOf(dataDir);
  if (existsSync(pgData)) return;
  refuseShellCharacters(binDir);
  const unfinished = unfinishedOf(pgData);
  // What is left of it would delete what the next one makes.
  if (existsSync(unfinished)) await endLeftovers(unfinished);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (osUser) chownSync(unfinished, osUser.uid, osUser.gid);
  writePasswords({ osUser, dataDir }, [randomBytes(24).toString('base64url')]);
  const initdb = promisify(execFile)(
    join(binDir, 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFileOf(dataDir)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...options,
    ],
    { ...osUser, cwd: unfinished, env: {} },
  );
  guard(initdb.child, 'KILL');
  await initdb.catch((cause) => {
    throw new MachineError(`PostgreSQL made no data in ${dataDir}: ${lastWords(cause)}.`, {
      cause,
    });
  });
  renameSync(unfinished, pgData);
}

/** Why `initdb` failed: what it, or the server that it started, calls an error, or how it ended. */
function lastWords({ stderr = '', signal, code }: ExecFileException): string {
  const [, said] = /(?:FATAL: +|error: )(.+)/.exec(stderr) ?? /(.+)/.exec(stderr) ?? [];
  return said ?? `initdb ended with ${signal ?? code}`;
}
