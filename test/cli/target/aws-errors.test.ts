import { describe, expect, it } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import { explainAwsError, isExpired } from '../../../cli/target/aws-errors.ts';

describe('what a person is told of an error of the AWS SDK', () => {
  it.each([
    new TypeError('stacks.map is not a function'),
    Object.assign(new TypeError('The "path" is no string.'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('is all of it when a program is at fault: %s', (fault) => {
    expect(forPeople(explainAwsError(fault, {}))).toBe(fault);
  });

  it.each([
    ['The security token included in the request is expired', undefined, true],
    ['certificate has expired', 'CERT_HAS_EXPIRED', false],
    ['Signature expired: 20260101T000000Z is now earlier than', undefined, false],
  ])('is to sign in again only when that helps: %s', (message, code, helps) => {
    const error = Object.assign(new Error(message), code && { code });
    expect(isExpired(error)).toBe(helps);
    expect(/sign in again/.test(String(forPeople(explainAwsError(error, {}))))).toBe(helps);
  });
});
