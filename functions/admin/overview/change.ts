/**
 * By how much a sum of money is more or less than another: `+12.4 %`, `−3.0 %`, `no change`.
 *
 * @param now, before decimal text with 2 places
 * @returns `–` where there is nothing to compare with
 */
export function change(now: string, before: string): string {
  const [cents, centsBefore] = [centsOf(now), centsOf(before)];
  if (centsBefore === 0n) return '–';
  const size = centsBefore < 0n ? -centsBefore : centsBefore;
  const difference = cents - centsBefore;
  if (difference === 0n) return 'no change';
  const more = difference > 0n;
  const tenths = (1000n * (more ? difference : -difference) + size / 2n) / size; // of a percent
  return `${more ? '+' : '−'}${tenths / 10n}.${tenths % 10n} %`;
}

const centsOf = (decimal: string) => BigInt(decimal.replace('.', ''));
