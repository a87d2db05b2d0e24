import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { installedPostgres } from './binaries.ts';
import { copyForAll, openToAll, removeParts } from './copy-for-all.ts';
import { canReach, type OsUser, serverUser } from './os-user.ts';

/** Where root keeps what the server's user could not reach otherwise. Only root may write there. */
const REACHABLE = '/var/lib/order-analytics';

export interface ServerPaths {
  readonly osUser: OsUser | undefined;
  /** PostgreSQL's programs. */
  readonly binDir: string;
  /** The data folder; not where it was asked for when the user cannot reach that. */
  readonly dataDir: string;
}

/**
 * Where the server's programs and data are, both within its user's reach. A data folder that lies
 * elsewhere leaves a link where it was asked for.
 */
export function serverPaths(wantedDataDir: string): ServerPaths {
  const osUser = serverUser(wantedDataDir);
  return {
    osUser,
    binDir: join(reachablePrograms(osUser), 'bin'),
    dataDir: reachableData(wantedDataDir, osUser),
  };
}

/** Removes a data folder, also one that lies elsewhere behind its link. */
export function removeData(wantedDataDir: string): void {
  if (existsSync(wantedDataDir)) {
    rmSync(realpathSync(wantedDataDir), { recursive: true, force: true });
  }
  rmSync(wantedDataDir, { recursive: true, force: true });
}

function reachablePrograms(osUser: OsUser | undefined): string {
  const installed = installedPostgres();
  if (canReach(join(installed, 'bin', 'postgres'), osUser)) return installed;
  const { version } = JSON.parse(readFileSync(join(installed, '..', 'package.json'), 'utf8'));
  const copy = join(REACHABLE, `postgres-${version}`);
  makeReachable();
  removeParts(REACHABLE);
  if (!existsSync(copy)) copyForAll(installed, copy);
  // One of before was closed where root's umask is.
  else if (!canReach(join(copy, 'bin', 'postgres'), osUser)) openToAll(copy);
  return copy;
}

/** Whatever the umask is. */
function makeReachable(): void {
  mkdirSync(REACHABLE, { recursive: true });
  chmodSync(REACHABLE, 0o755);
}

function reachableData(wanted: string, osUser: OsUser | undefined): string {
  if (existsSync(wanted)) return realpathSync(wanted);
  makeFolder(dirname(wanted));
  if (lstatSync(wanted, { throwIfNoEntry: false })) rmSync(wanted); // a link whose folder is gone
  const place = canReach(wanted, osUser)
    ? wanted
    : join(REACHABLE, `${basename(wanted)}-${randomUUID()}`);
  if (place !== wanted) makeReachable();
  mkdirSync(place, { recursive: true });
  chmodSync(place, 0o700);
  if (osUser) chownSync(place, osUser.uid, osUser.gid);
  if (place !== wanted) symlinkSync(place, wanted);
  return realpathSync(place);
}
