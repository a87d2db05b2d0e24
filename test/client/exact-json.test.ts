import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly } from '../../client/src/exact-json.ts';

const amount = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 99 }))
  .map(([isNegative, whole, cents]) => {
    return `${isNegative ? '-' : ''}${whole}.${String(cents).padStart(2, '0')}`;
  });

describe('parseExactly', () => {
  it('gives every amount as it was written, and every text and count as it was', () => {
    const answer = fc.record({
      text: fc.string({ unit: fc.constantFrom(...'"\\1.0,:{}aж\u0001\u2028😀') }),
      name: fc.oneof(fc.string(), fc.constantFrom('"1.50"', '\\', '\\"2.50', '}', ':1.00')),
      count: fc.integer(),
      amounts: fc.array(amount),
    });
    fc.assert(
      fc.property(answer, fc.constantFrom('', ' ', '\n\t'), ({ amounts, ...others }, space) => {
        const written = amounts.join(`${space},${space}`);
        const json = `{${space}"amounts":${space}[${written}],${JSON.stringify(others).slice(1)}`;
        expect(parseExactly(json)).toEqual({ amounts, ...others });
      }),
      { numRuns: 50 },
    );
  });

  it('takes names and texts that look like amounts for what they are', () => {
    expect(parseExactly('{"1.50": "2.50", "a\\"": 3.50, "b\\\\": 4}')).toEqual({
      '1.50': '2.50',
      'a"': '3.50',
      'b\\': 4,
    });
  });

  it('reads texts of megabytes', () => {
    const text = '\\"'.repeat(2_000_000);
    expect(parseExactly(JSON.stringify({ text, amount: 0 }))).toEqual({ text, amount: 0 });
  });

  it.each([
    '',
    '<html>',
    '{"amount": 1.',
    '{"amount": 01.50}',
    '{"amount": -00.50}',
  ])('refuses %o', (json) => {
    expect(() => parseExactly(json)).toThrow(SyntaxError);
  });
});
