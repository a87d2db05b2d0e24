import { MachineError } from '../local/machine-error.ts';
import { isDiskFull } from '../local/postgres/disk-full.ts';
import { explainPortError } from './ports.ts';
import { ServiceError } from './service-error.ts';
import { UsageError } from './usage-error.ts';

/** What is printed of an error: a sentence where one says it all, else all that is known. */
export function forPeople(error: unknown): unknown {
  const explained = explainPortError(error);
  if (
    explained instanceof UsageError ||
    explained instanceof ServiceError ||
    explained instanceof MachineError
  ) {
    return explained.message;
  }
  return isDiskFull(error) ? 'The disk is full: make room and start again.' : error;
}
