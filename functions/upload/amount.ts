// No two neighbouring parts of a pattern match the same digits: a hostile text would take forever.
const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,2})(\d*))?$/;
const LEADING_ZEROS = /^0+(?=\d)/;
const ONLY_ZEROS = /^0*$/;

/**
 * Decimal text with exactly 2 places, or why there is none. Trailing zeros beyond the second
 * decimal do not count; exponents, signs other than a leading minus, and separators are no
 * decimal notation.
 *
 * @param integerDigits how many digits the column has before the point
 */
export function canonicalAmount(
  text: string,
  integerDigits: number,
): { amount: string } | { code: 'invalid_amount' | 'out_of_range' } {
  const match = DECIMAL.exec(text);
  const [, minus = '', digitsBefore = '', decimals = '', beyond = ''] = match ?? [];
  if (!match || !ONLY_ZEROS.test(beyond)) return { code: 'invalid_amount' };
  const whole = digitsBefore.replace(LEADING_ZEROS, '');
  if (whole.length > integerDigits) return { code: 'out_of_range' };
  const digits = `${whole}.${decimals.padEnd(2, '0')}`;
  return { amount: minus && /[1-9]/.test(digits) ? `-${digits}` : digits };
}
