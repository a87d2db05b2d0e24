import { MachineError } from '../local/machine-error.ts';
import { isDiskFull } from '../local/postgres/disk-full.ts';
import { errorCode, isUnread, toError } from './caught.ts';
import { explainPortError } from './ports.ts';
import { ServiceError } from './service-error.ts';
import { UsageError } from './usage-error.ts';

/** What is printed of an error: a sentence where one says it all, else all that is known. */
export function forPeople(error: unknown): unknown {
  if (error instanceof ServiceError) return error.message;
  if (isDiskFull(error)) return 'The disk is full: make room and start again.';
  const explained = explainPortError(error);
  if (explained instanceof UsageError || explained instanceof MachineError) {
    return explained.message;
  }
  return pathInTheWay(error) ?? error;
}

/** Why something cannot be written, as a part of a sentence. */
export function whyNotWritten(error: unknown): string {
  if (isDiskFull(error)) return 'the disk is full';
  return isUnread(error) ? 'nobody reads it' : toError(error).message;
}

/** What stands where something of another kind belongs, or is not for this user, as a sentence. */
function pathInTheWay(error: unknown): string | undefined {
  const { path, message } = toError(error) as NodeJS.ErrnoException;
  const code = errorCode(error)?.replace(/^ERR_FS_/, '') ?? '';
  return path !== undefined && IN_THE_WAY.has(code)
    ? `${path} cannot be used: ${message}.`
    : undefined;
}

const IN_THE_WAY: ReadonlySet<string> = new Set([
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);
