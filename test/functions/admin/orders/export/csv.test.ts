import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORTED } from '../../../../../functions/admin/orders/export/columns.ts';
import { CSV_FORMATS, cell, csvLine } from '../../../../../functions/admin/orders/export/csv.ts';

describe('a line of CSV', () => {
  it.each(['=1', '+1', '-1', '@a', ' =1', '\t1', '＝1', '%0', '|x'])('disarms %j', (text) => {
    expect(cell(text)).toBe(`"'${text}"`);
  });

  it.each([
    ['a;=1+1;', "a;'=1+1;"],
    ['a\t+1', "a\t'+1"],
    ['a|@x', "a|'@x"],
    ['a,-1', "a,'-1"],
    ['a\r\n=1', "a\r'\n'=1"],
    ['\r=1', "'\r'=1"],
    ['a; "=1', `a;' ""=1`],
    ['a-b=c@d+e', 'a-b=c@d+e'],
    ['T-1, 2; x', 'T-1, 2; x'],
  ])('disarms what begins a cell for another reader: %j', (text, safe) => {
    expect(cell(text)).toBe(`"${safe}"`);
  });

  it('has no cell that is a formula, by whichever delimiter it is read', () => {
    const mark = fc.constantFrom(...'=+-@|%＝,;\t\r\n"\' 1a\u200b\u00a0');
    const text = fc.string({ unit: mark, maxLength: 12 });
    const anyOrder = fc.record({ order_number: text, seller: text, status: text });
    fc.assert(
      fc.property(
        fc.array(anyOrder, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...Object.values(CSV_FORMATS)),
        fc.constantFrom(',', ';', '\t', '|'),
        (orders, format, delimiter) => {
          const at = '2025-11-12 10:00:00';
          const others = { created_at: at, last_changed_at: at, items_count: 2 };
          const lines = orders.map((one) =>
            csvLine(EXPORTED.orders, { ...one, ...others, total_amount: '-1.50' }, format),
          );
          const isFormula = (value: string) =>
            /^[\s\p{C}]*[=+\-@|%＝]/u.test(value) && !/^-1([.,]50)?$/.test(value);
          expect(cellsOf(lines.join(''), delimiter).filter(isFormula)).toEqual([]);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

/**
 * The cells that a reader sees who parts them so: lenient, as spreadsheets are,
 * where quotes are amiss.
 */
function cellsOf(csv: string, delimiter: string): string[] {
  const cells = [''];
  let isQuoted = false;
  const add = (mark: string) => {
    cells[cells.length - 1] += mark;
  };
  for (let i = 0; i < csv.length; i++) {
    const mark = csv[i] ?? '';
    if (isQuoted && mark === '"' && csv[i + 1] === '"') add(csv[i++] ?? '');
    else if (mark === '"' && (isQuoted || cells.at(-1) === '')) isQuoted = !isQuoted;
    else if (!isQuoted && [delimiter, '\r', '\n'].includes(mark)) cells.push('');
    else add(mark);
  }
  return cells;
}
