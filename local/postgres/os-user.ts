import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whose processes PostgreSQL's are: `undefined` for one's own. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs the server on `path`. PostgreSQL refuses to be root, so root lends it to whoever owns
 * the path or its nearest existing parent, else to the user `postgres`, who is created if need be.
 */
export function serverUser(path: string): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(path);
  if (owner.uid !== 0 && users().some(({ uid }) => uid === owner.uid)) return owner;
  return findPostgres() ?? createPostgres();
}

/** Whether the user may enter every folder on the way to `path`. */
export function canReach(path: string, user: OsUser | undefined): boolean {
  if (!user) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && !mayEnter(folder, user)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(folder: string, { uid, gid }: OsUser): boolean {
  const stat = statSync(folder);
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

function ownerOf(path: string): OsUser {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { uid, gid } = statSync(existing);
  return { uid, gid };
}

function users() {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function findPostgres(): OsUser | undefined {
  return users().find(({ name }) => name === 'postgres');
}

function createPostgres(): OsUser {
  const advice =
    'PostgreSQL does not run as root. Create a user "postgres", or start this as another user.';
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      stdio: 'ignore',
    });
  } catch (cause) {
    const created = findPostgres(); // by another one of ours, at the same moment
    if (!created) throw new Error(advice, { cause });
    return created;
  }
  return findPostgres()!;
}
