import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../functions/shared/problem.ts';
import { QueryString } from '../../../functions/shared/query-string.ts';

/** The errors that reading `user` (needed), `from` (once) and `status` (repeatable) leads to. */
function errorsOf(rawQueryString: string) {
  const query = new QueryString(rawQueryString);
  query.required('user');
  query.one('from');
  query.many('status');
  try {
    query.finish();
    return [];
  } catch (problem) {
    return (
      problem as { options: { errors: { pointer: string; code: string }[] } }
    ).options.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('QueryString', () => {
  it.each([
    ['status=a,b', ['a,b']],
    ['status=a&status=b', ['a', 'b']],
    ['status=a%2Cb&x=1&status=c', ['a,b', 'c']],
    ['status=in+way&status=%D0%BF%2B%26', ['in way', 'п+&']],
    ['status=a=b&&', ['a=b']],
    ['x=1', []],
  ])('reads %s as %j', (raw, expected) => {
    expect(new QueryString(raw).many('status')).toEqual(expected);
  });

  it.each([
    ['', ['?user missing']],
    ['user=', ['?user too_short']],
    ['user', ['?user too_short']],
    ['user=a&user=b', ['?user duplicate']],
    ['user=%00', ['?user invalid_text']],
    ['user=%FF', ['?user invalid_utf8']],
    ['user=%C0%C1-1', ['?user invalid_utf8']],
    ['user=%EF%BF%BD', ['?user invalid_utf8']],
    ['user=50%off', ['?user invalid_text']],
    ['user=100%', ['?user invalid_text']],
    ['user=a&status=%fe&status=b&status=%ff', ['?status invalid_utf8', '?status invalid_utf8']],
    ['user=a&status=b&status=%ff', ['?status invalid_utf8']],
    ['user=a&%FF=1', ['?\ufffd unknown']],
    ['user=a&status=&status=b', ['?status too_short']],
    ['user=a&form=2025-01-01', ['?form unknown']],
    ['user=a&__proto__=1&toString=1', ['?__proto__ unknown', '?toString unknown']],
    ['from=1&from=2&until=3', ['?user missing', '?from duplicate', '?until unknown']],
  ])('refuses %s with all that is wrong: %j', (raw, expected) => {
    expect(errorsOf(raw)).toEqual(expected);
  });

  it('names all parameters that there are where one is none of them', () => {
    const query = new QueryString('user=a&order_numbers=1');
    query.one('user');
    expect(query.has('order_number')).toBe(false);
    const detail = 'Is not a parameter here. Those are: user, order_number.';
    expect(() => query.finish()).toThrow(
      expect.objectContaining({
        options: expect.objectContaining({
          errors: [{ pointer: '?order_numbers', code: 'unknown', detail }],
        }),
      }),
    );
  });

  it('shows what it refuses: as it was sent where it cannot be decoded', () => {
    const query = new QueryString(
      `user=a%00&status=%ff&status=b&status=100%&x=1&from=${'d'.repeat(200)}`,
    );
    query.required('user');
    query.many('status');
    query.one('from');
    query.fail('from', 'invalid_date', 'Must be a day.');
    expect(() => query.finish()).toThrow(
      expect.objectContaining({
        options: expect.objectContaining({
          errors: [
            { pointer: '?user', code: 'invalid_text', value: 'a\0' },
            { pointer: '?status', code: 'invalid_utf8', value: '%ff' },
            { pointer: '?status', code: 'invalid_text', value: '100%' },
            { pointer: '?from', code: 'invalid_date', value: 'd'.repeat(100) },
            { pointer: '?x', code: 'unknown' },
          ].map((error) => ({ ...error, detail: expect.any(String) })),
        }),
      }),
    );
  });

  it('refuses what cannot be decoded once', () => {
    const query = new QueryString('from=%%');
    query.one('from');
    query.fail('from', 'invalid_date', 'Must be a day.');
    expect(() => query.finish()).toThrow(
      expect.objectContaining({
        options: expect.objectContaining({
          errors: [expect.objectContaining({ code: 'invalid_text', value: '%%' })],
        }),
      }),
    );
  });

  it('answers little to a query of thousands of parameters, and what else is wrong', () => {
    const names = Array.from({ length: 2_400 }, (_, i) => `x${i}=`).join('&');
    const query = new QueryString(`${names}&${'y'.repeat(3_000)}=`);
    query.required('user');
    try {
      query.finish();
      expect.fail('It was accepted.');
    } catch (error) {
      const { options, message } = error as Problem;
      expect(message).toBe('2402 things are wrong with the query.');
      expect(options.errorsCount).toBe(2_402);
      expect(options.errors).toHaveLength(100);
      expect(options.errors?.[0]).toMatchObject({ pointer: '?user', code: 'missing' });
      expect(JSON.stringify(options.errors).length).toBeLessThan(20_000);
    }
  });
});
