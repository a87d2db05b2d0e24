import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmount } from '../../../../functions/admin/orders/typed-amount.ts';

describe('an amount in the filter', () => {
  it.each([
    ['1234', '1234'],
    ['1234.5', '1234.5'],
    ['1234,50', '1234.50'],
    ['0,5', '0.5'],
    ['-12,50', '-12.50'],
    ['−12.50', '-12.50'],
    ['0012', '12'],
    ['1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['1,234,567', '1234567'],
    ['1.234.567,8', '1234567.8'],
    ['1 234,50', '1234.50'],
    ['1\u00a0234\u00a0567.89', '1234567.89'],
    ['1\u202f234', '1234'],
    ["1'234.50", '1234.50'],
    ['1’234,5', '1234.5'],
    ['9,999,999,999.99', '9999999999.99'],
  ])('is understood: %j is %s', (typed, amount) => {
    expect(readAmount(typed)).toEqual({ amount });
  });

  it.each([
    ['1,234', '1234'],
    ['1.234', '1234'],
    ['-12,345', '-12345'],
    ['999.999', '999999'],
  ])('is refused with an example where a mark may mean two things: %j', (typed, digits) => {
    expect(readAmount(typed)).toEqual({
      error: expect.stringContaining(`write ${digits} or ${digits}.00`),
    });
  });

  it.each([
    'much',
    '1.2.3',
    '1,2,3',
    '12,34,567',
    '1,234,56',
    '1,234.567',
    '1 234.567',
    '1234,567',
    '0,500',
    '1,234 567',
    '1 2',
    '1.',
    ',50',
    '+1',
    '--1',
    '1e3',
    '12345678901',
    '１２',
    '$5',
    '-',
    '0x1',
  ])('is refused where it is none: %j', (typed) => {
    expect(readAmount(typed)).toEqual({ error: 'Must be an amount such as 2500.00.' });
  });

  it('is the same however it is written', () => {
    const marks = fc.constantFrom(
      ['', '.'],
      ['', ','],
      [',', '.'],
      ['.', ','],
      [' ', ','],
      ['’', '.'],
    );
    const amount = fc.record({
      sign: fc.constantFrom('', '-'),
      whole: fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
      cents: fc.integer({ min: 0, max: 99 }).map((cents) => String(cents).padStart(2, '0')),
    });
    fc.assert(
      fc.property(amount, marks, ({ sign, whole, cents }, [thousands = '', point = '']) => {
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
        expect(readAmount(`${sign}${grouped}${point}${cents}`)).toEqual({
          amount: `${sign}${whole}.${cents}`,
        });
      }),
    );
  });
});
