import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whose processes PostgreSQL's are: `undefined` for one's own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs the server on `path`. PostgreSQL refuses to be root, so root lends it to whoever owns the
 * path or its nearest existing parent, else to the user `postgres`, who is created if need be.
 */
export function serverAccount(path: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(path);
  if (owner.uid !== 0 && accounts().some(({ uid }) => uid === owner.uid)) return owner;
  return findPostgres() ?? createPostgres();
}

/** Whether the account may enter every folder on the way to `path`. */
export function canReach(path: string, account: Account | undefined): boolean {
  if (!account) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && !mayEnter(folder, account)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(folder: string, { uid, gid }: Account): boolean {
  const stat = statSync(folder);
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

function ownerOf(path: string): Account {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { uid, gid } = statSync(existing);
  return { uid, gid };
}

function accounts() {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function findPostgres(): Account | undefined {
  return accounts().find(({ name }) => name === 'postgres');
}

function createPostgres(): Account {
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
