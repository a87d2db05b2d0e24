import { describe, expect, it } from 'vitest';
import { csvRows } from '../../../client/src/command/csv-rows.ts';
import { all } from './read-file.ts';

const DIALECT = { delimiter: ',', hasQuotes: true };

async function* pieces(...texts: string[]) {
  yield* texts;
}

const linesOf = async (text: string) =>
  (await all(csvRows(pieces(text), DIALECT))).map(({ line }) => line);

describe('a row', () => {
  it.each(['\n', '\r\n', '\r'])('has the line where it begins, with breaks as %j', async (br) => {
    const rows = ['a,b', '"1', '2",c', 'd,"3', '', '4"', '', '', '"e",f', 'g,h', ''];
    expect(await linesOf(rows.join(br))).toEqual([1, 2, 4, 9, 10]);
    expect(await linesOf(`${br}${rows.join(br)}`)).toEqual([2, 3, 5, 10, 11]);
  });

  it('has the line where it begins when its own breaks are others', async () => {
    expect(await linesOf('a,b\r\n"1\n2\n3",c\r\n"4\r\n5",f\r\n\r\ng,h')).toEqual([1, 2, 5, 8]);
  });

  it.each([
    ['is not closed', 'a,b\r\n"1\r\n2",c\r\nd,"""e\r\n\r\nf', 'The quotation mark of line 4'],
    ['is not closed in the row of line 4', 'a,b\n"1\n2",c\n"d\ne","f\ng', 'of line 5'],
    ['stands in a value', 'a,b\r\n"1\r\n2",c\r\n"d\r\ne",15" f\r\ng', 'Line 5'],
    ['ends before a value does', 'a,b\r\n"1\r\n2",c\r\n"d\r\ne" f,g', 'Line 5'],
  ])('is told of by its line where a quotation mark %s', async (_what, text, words) => {
    await expect(linesOf(text)).rejects.toThrow(words);
    await expect(linesOf(text)).rejects.toThrow('--no-quotes');
  });

  it.each([
    [true, 'a§b\r\n"c§""d""\r\ne"§\r\n', ['a§b\n', '"c§""d""\r\ne"§\n']],
    [false, 'a§b\r\n"c§d\r\n', ['a§b\n', '"c§d\n']],
  ])('keeps a delimiter of several bytes, with quotes %s', async (hasQuotes, text, raws) => {
    const rows = await all(csvRows(pieces(text), { delimiter: '§', hasQuotes }));
    expect(rows.map(({ raw }) => raw)).toEqual(raws);
  });

  it('ends by 4 MiB, of which more is not read', async () => {
    let readMib = 0;
    async function* endless() {
      yield 'a,b\n"1\r\n2",c\nd,"';
      const line = `${'x'.repeat(1023)}\n`.repeat(64);
      for (; readMib < 64; readMib += 1 / 16) yield line;
    }
    await expect(all(csvRows(endless(), DIALECT))).rejects.toThrow(
      'Line 4: the row that begins here has more than 4 MiB',
    );
    expect(readMib).toBeLessThan(5);
  });
});
