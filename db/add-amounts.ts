/** The exact sum of two amounts; decimal text with 2 places. */
export function addAmounts(a: string, b: string): string {
  const cents = centsOf(a) + centsOf(b);
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const centsOf = (decimal: string) => BigInt(decimal.replace('.', ''));
