import { ServiceError } from '../service-error.ts';

/**
 * That an answer is not one that this service gives. Of what it says nothing is shown: cut short,
 * or of another version, it may be a new key.
 */
export function foreignAnswer(origin: string, status: number): ServiceError {
  return new ServiceError(
    `What answers at ${origin} (${status}) does not answer as this service does: look for a proxy or a sign-in page on the way, or for another version of it.`,
    { status },
  );
}
