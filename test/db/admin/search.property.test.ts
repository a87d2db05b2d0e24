import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../helpers/any-character.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';

const test = useTestDatabase();

describe('any order number', () => {
  it('is found by itself, by its beginning and by each pair of its words, in any case', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'aAbB019'), minLength: 1, maxLength: 3 });
    const number = fc
      .array(fc.tuple(word, fc.constantFrom('-', '-', '-', '--', '_', ' ', '')), {
        minLength: 1,
        maxLength: 5,
      })
      .chain((parts) => {
        const joined = parts.flat().join('').trim();
        return fc.constantFrom(joined, joined.toUpperCase(), joined.toLowerCase());
      });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(number, { minLength: 30, maxLength: 30 }),
        async (numbers) => {
          await emptyTables(test.pg, SELLERS);
          await test.pg.query(
            `WITH seller AS (INSERT INTO users (username) VALUES ('somebody') RETURNING id)
             INSERT INTO orders
               (user_id, order_number, created_at, total_amount, status, items_digest)
             SELECT id, n, now(), 1, 'new', '' FROM seller, unnest($1::text[]) AS n`,
            [numbers],
          );
          const pairs = numbers.flatMap((found) => {
            const words = found.split(/[^0-9a-z]+/i).filter(Boolean);
            const beginning = found.slice(0, -1).replace(/[^0-9a-z]+$/i, '');
            return [
              found,
              beginning,
              ...words.flatMap((a) => words.map((b) => `${a} ${b}`)),
              ...words,
            ]
              .filter(Boolean)
              .flatMap((q) => [q, q.toUpperCase(), q.toLowerCase(), q.replaceAll('-', '–')])
              .map((q) => [found, q] as const);
          });
          const { rows } = await test.pg.query(
            `SELECT * FROM unnest($1::text[], $2::text[]) AS pair (n, q)
           WHERE NOT EXISTS (
             SELECT FROM orders_with_number(q, 1000) AS found (id) JOIN orders USING (id)
             WHERE order_number = n
           )`,
            [pairs.map(([found]) => found), pairs.map(([, q]) => q)],
          );
          expect(rows).toEqual([]);
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });
});

describe('any text', () => {
  /** Texts of every script: single code points, letters that belong together, words and marks. */
  const unit = fc.oneof(
    { weight: 4, arbitrary: anyCharacter },
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(...'abcАБёЁйßİıſﬁΣς茶かกी²½™®№ΐᾳǅ\u0301\u0308\u200d\ufe0f'),
    },
    { weight: 3, arbitrary: fc.constantFrom(...' -–/.,()«»\'":\\&|!*_+#\u00a0\u3000\t') },
  );
  const text = fc
    .array(unit, { minLength: 1, maxLength: 25 })
    .map((units) => units.join('').replaceAll('\0', ''))
    .filter((joined) => joined.isWellFormed() && visible(joined) !== '');

  /** What can be seen of a text: without spaces, and without what has no form of its own. */
  const visible = (joined: string) => joined.replace(/[\p{White_Space}\p{Cc}\p{DI}]/gu, '');

  /**
   * The words of a text, as Unicode's categories have them: letters, digits, what stands on them,
   * and the few format characters that show, such as an Arabic number sign (UAX #29).
   * What has no form of its own joins words, all of it, or parts them, all of it.
   */
  const wordsOf = (joined: string) =>
    [
      ...joined.normalize('NFC').split(/[^\p{L}\p{M}\p{N}\p{Cf}\p{DI}]+/u),
      ...joined.normalize('NFC').split(/(?:[^\p{L}\p{M}\p{N}\p{Cf}]|\p{DI})+/u),
    ].filter((word) => visible(word) !== '');

  /**
   * The pairs of a text and a query of which the database says that one is not found by the other.
   */
  async function unfound(pairs: readonly (readonly [string, string])[]) {
    const { rows } = await test.pg.query<{ name: string; q: string }>(
      `SELECT name, q FROM unnest($1::text[], $2::text[]) AS pair (name, q)
       WHERE unicode_assigned(name) -- a later Unicode's letters are none yet
         AND (search_words('sku-1 ' || name) @@ search_query(search_phrases(q))
         AND has_phrases('sku-1 ' || name, search_phrases(q))) IS NOT TRUE`,
      [pairs.map(([name]) => name), pairs.map(([, q]) => q)],
    );
    return rows.map(({ name, q }) => [name, q]);
  }

  it('is found by itself and by each of its words, in any case and form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 200, maxLength: 200 }), async (texts) => {
        const pairs = texts.flatMap((name) =>
          [name, ...wordsOf(name)].flatMap((q) =>
            [q, q.normalize('NFC'), q.normalize('NFD')].map((form) => [name, form] as const),
          ),
        );
        expect(await unfound(pairs)).toEqual([]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('with letters of both cases is found in either', async () => {
    const { rows } = await test.pg.query<{ letter: string }>(
      `SELECT chr(code) AS letter FROM generate_series(1, 131071) AS code
       WHERE code NOT BETWEEN 55296 AND 57343
         AND lower(chr(code) COLLATE pg_unicode_fast) <> upper(chr(code) COLLATE pg_unicode_fast)`,
    );
    const pairs = rows.flatMap(({ letter }) =>
      [letter.toLowerCase(), letter.toUpperCase()].map((q) => [`a${letter}b`, `a${q}b`] as const),
    );
    expect(pairs.length).toBeGreaterThan(2_000);
    expect(await unfound(pairs)).toEqual([]);
  });

  it('is the same words by the quick ways and by the rule', async () => {
    const quick = fc.string({
      unit: fc.constantFrom(
        ...'abzABZ059éÜßŁżŻİıàÿçЁёЙйЇєѐџҐґ',
        ...' \u00a0--..,,;:!?"#%&()*+/@_{}[]«»–—“”„’®',
      ),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(quick, { minLength: 1_000, maxLength: 1_000 }), async (texts) => {
        const { rows } = await test.pg.query(
          `SELECT x FROM unnest($1::text[]) AS x WHERE search_line(x) <> search_text_of_any(x)`,
          [texts],
        );
        expect(rows).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});
