import { describe, expect, it } from 'vitest';
import { checkedConcurrency } from '../../lib/reserved-concurrency.ts';

const throttle = { requestsPerSecond: 50, burst: 100 };

describe('checkedConcurrency', () => {
  it('takes what lets in as many as the throttle does', () => {
    const reserved = { upload: 100, amend: 250 };
    expect(checkedConcurrency(reserved, throttle)).toEqual(reserved);
  });

  it('reserves nothing where nothing is asked for, as in an account that has too few', () => {
    expect(checkedConcurrency(undefined, throttle)).toEqual({});
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d, by the name of the function', (upload) => {
    expect(() => checkedConcurrency({ upload, amend: 100 }, throttle)).toThrow(
      `${upload} is no number of requests of upload at once`,
    );
  });

  it('refuses fewer than the throttle lets in at once', () => {
    expect(() => checkedConcurrency({ upload: 100, amend: 99 }, throttle)).toThrow(
      'lets 100 requests of amend in at once, of which Lambda would refuse all but 99',
    );
  });
});
