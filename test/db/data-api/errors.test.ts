import {
  DatabaseErrorException,
  DatabaseNotFoundException,
  DatabaseUnavailableException,
  InvalidResourceStateException,
  SecretsErrorException,
  StatementTimeoutException,
} from '@aws-sdk/client-rds-data';
import { describe, expect, it } from 'vitest';
import { transientReason } from '../../../db/data-api/errors.ts';

const $metadata = { httpStatusCode: 400 };
const sqlError = (text: string) => new DatabaseErrorException({ message: text, $metadata });
const secretError = (text: string) => new SecretsErrorException({ message: text, $metadata });

describe('transientReason', () => {
  it.each([
    ['ERROR: deadlock detected; SQLState: 40P01', 'conflict'],
    ['ERROR: orders were changed; SQLState: 40001', 'conflict'],
    ['FATAL: terminating connection due to administrator command; SQLState: 57P01', 'unavailable'],
    ['FATAL: terminating connection due to idle-session timeout; SQLState: 57P05', 'unavailable'],
    ['ERROR: cannot execute INSERT in a read-only transaction; SQLState: 25006', 'unavailable'],
    ['FATAL: connection failure; SQLState: 08006', 'connection'],
    ['ERROR: out of shared memory; SQLState: 53200', 'unavailable'],
    ['ERROR: could not extend file: No space left on device; SQLState: 53100', 'unavailable'],
    ['FATAL: sorry, too many clients already; SQLState: 53300', 'unavailable'],
  ])('takes %j for passing', (message, reason) => {
    expect(transientReason(sqlError(message))).toBe(reason);
  });

  it('knows what the SDK throws where no server answered', () => {
    expect(transientReason(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(
      'connection',
    );
    expect(transientReason(Object.assign(new Error('x'), { name: 'TimeoutError' }))).toBe(
      'connection',
    );
    expect(transientReason(new DatabaseUnavailableException({ message: '', $metadata }))).toBe(
      'unavailable',
    );
    expect(transientReason(new StatementTimeoutException({ message: '', $metadata }))).toBe(
      'statement_timeout',
    );
    const unnamed = Object.assign(new Error('UnknownError'), {
      $metadata: { httpStatusCode: 502 },
    });
    expect(transientReason(unnamed)).toBe('unavailable');
  });

  // The SDK's documents have these words; nobody has reported AWS's own.
  it.each([
    new InvalidResourceStateException({
      message: 'The resource is in an invalid state.',
      $metadata,
    }),
    new DatabaseNotFoundException({
      message: "The DB cluster doesn't have a DB instance.",
      $metadata,
    }),
    secretError('RDS Data API timed out retrieving the secret.'),
    secretError('Timeout while retrieving the secret'),
  ])('takes a cluster or a secret that cannot be had now for passing: %s', (error) => {
    expect(transientReason(error)).toBe('unavailable');
  });

  it.each([
    secretError("Secrets Manager can't find the specified secret."),
    secretError("The secret couldn't be decrypted."),
    sqlError('ERROR: value too long for type character varying(50); SQLState: 22001'),
    sqlError('ERROR: text that quotes SQLState: 40P01 in its middle; SQLState: 22023'),
    sqlError('ERROR: temporary file size exceeds temp_file_limit (1kB); SQLState: 53400'),
    new TypeError('x is not a function'),
    'no error at all',
  ])('takes %s for lasting', (error) => {
    expect(transientReason(error)).toBeUndefined();
  });
});
