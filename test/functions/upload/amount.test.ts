import { describe, expect, it } from 'vitest';
import { canonicalAmount } from '../../../functions/upload/amount.ts';

describe('canonicalAmount', () => {
  it.each([
    ['2500', '2500.00'],
    ['2500.5', '2500.50'],
    ['2500.00', '2500.00'],
    ['0', '0.00'],
    ['-12.3', '-12.30'],
    ['-0', '0.00'],
    ['-0.00', '0.00'],
    ['007.10', '7.10'],
    ['1.5000', '1.50'],
    ['9999999999.99', '9999999999.99'],
    ['00009999999999.99', '9999999999.99'],
  ])('reads %s as %s', (text, amount) => {
    expect(canonicalAmount(text, 10)).toEqual({ amount });
  });

  it.each([
    '',
    '.5',
    '5.',
    '1e3',
    '1E3',
    '12,50',
    '1 000',
    '+5',
    'NaN',
    'Infinity',
    '0x10',
    '1.005',
    '--1',
    '١٢',
  ])('refuses %j as no decimal notation', (text) => {
    expect(canonicalAmount(text, 10)).toEqual({ code: 'invalid_amount' });
  });

  it('refuses one digit more than the column has before the point', () => {
    expect(canonicalAmount('10000000000', 10)).toEqual({ code: 'out_of_range' });
    expect(canonicalAmount('-100000000.00', 8)).toEqual({ code: 'out_of_range' });
  });

  it('takes time in proportion to the text, however odd', () => {
    expect(canonicalAmount(`${'0'.repeat(1_000_000)}x`, 10)).toEqual({ code: 'invalid_amount' });
  });
});
