import { describe, expect, it } from 'vitest';
import { SeenNumbers } from '../../../client/src/command/seen-numbers.ts';

const numbers = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('SeenNumbers', () => {
  it('tells each number that comes again from all that are new, however many there are', () => {
    const seen = new SeenNumbers();
    const all = [...numbers(60_000, 'shop-'), ...numbers(1_000, 'ЗК-'), '', 'a', 'b'];
    expect(all.filter((number) => !seen.add(number))).toEqual([]);
    expect(all.filter((number) => seen.add(number))).toEqual([]);
    expect(seen.add('shop-60000')).toBe(true);
  });
});
