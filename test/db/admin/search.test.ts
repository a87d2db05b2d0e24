import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from '../../../db/admin/lookup.ts';
import { listOrders } from '../../../db/admin/orders-list.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

interface Searched {
  seller?: string;
  order_number?: string;
  sku?: string;
  name?: string;
}

/** One order in an empty database, found or not by the admin's list. */
async function finds(q: string, { seller, order_number, sku, name }: Searched): Promise<boolean> {
  await test.pg.query('TRUNCATE users RESTART IDENTITY CASCADE');
  await test.pg.query('INSERT INTO users (username) VALUES ($1)', [seller ?? 'somebody']);
  await test.pg.query(
    `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
     VALUES (1, $1, now(), 1, 'new', '')`,
    [order_number ?? '0'],
  );
  await test.pg.query('INSERT INTO order_items VALUES (1, 1, $1, $2, 1, 1)', [
    sku ?? 'anything',
    name ?? 'something',
  ]);
  const db = test.connectAs('admin');
  const lookup = await lookUp(db, { q });
  const { orders } = await listOrders(db, { filter: { q }, lookup, sort: 'newest', limit: 10 });
  return orders.length === 1;
}

describe('a search finds an item by words of its SKU and name', () => {
  it.each([
    ['чай', 'Чай зелёный'],
    ['ЗЕЛЁНЫЙ чай', 'Чай зелёный'],
    ['зеленый', 'Чай зелёный'],
    ['зелёный', 'Чай зеленый'],
    ['зеленый', 'Чай\u00a0зелёный'],
    ['трехколесный', 'Велосипед трёхколёсный'],
    ['трёхколесный', 'Велосипед трехколёсный'],
    ['нивея', 'Крем «Нивея».'],
    ['нивея', 'Крем ((«[Нивея]»)…!?)'],
    ['люкс', 'Ложка «Люкс», новая'],
    ['«люкс»', 'Ложка Люкс'],
    ['12', 'Чашки (12 шт.)'],
    ['шт', 'Чашки (12 шт)'],
    ["o'neill's", "O'Neill's tea"],
    ['o’neill’s', "O'Neill's tea"],
    ['shirt', 'T-Shirt'],
    ['t-shirt', 'T-Shirt'],
    ['T‑SHIRT', 'T-Shirt'],
    ['t–shirt', 'T-Shirt'],
    ['чайник', 'чайник/кофейник'],
    ['кофейник', 'чайник/кофейник'],
    ['nivea', 'Nivea® крем'],
    ['nivea', 'Nivea™'],
    ['istanbul', 'İstanbul çayı'],
    ['İSTANBUL', 'istanbul'],
    ['i\u0307stanbul', 'İstanbul'],
    ['ılık', 'ILIK SÜT'],
    ['STRASSE', 'Straße'],
    ['straße', 'STRASSE'],
    ['σοφος', 'ΣΟΦΟΣ'],
    ['café', 'Cafe\u0301'],
    ['cafe\u0301', 'Café'],
    ['й', 'и\u0306'],
    ['ｔｅａ', 'Tea'],
    ['ﬁlter', 'Filter'],
    ['зал', 'за\u00adл'],
    ['чай', 'чай\u200bзелёный'],
    ['чайзелёный', 'чай\u200bзелёный'],
    ['чай', 'Чай\tзелёный\r\nновый'],
    ['чай - зелёный', 'Чай зелёный'],
    ['चाय', 'हरी चाय'],
    ['茶', '緑 茶'],
    ['绿茶', '中国绿茶叶'],
    ['抹茶', '京都抹茶ラテ'],
    ['🎁', 'Подарок 🎁'],
    ['---', '---'],
    ["':' \\ &|!", "':' \\ &|!"],
    ['sku-1', 'anything', 'SKU-1'],
    ['sku', 'anything', 'SKU-1'],
    ['1 anything', 'anything', 'SKU-1'],
    ['%s', '100 %s'],
    ['слово'.repeat(60), 'слово'.repeat(51)],
    ['зел', 'Чай зелёный'],
    ['ЗЕЛЁ ча чай', 'Ча чай зелёный'],
    ['t-shi', 'T-Shirt'],
    ['mod', 'anything', 'MODEL-777'],
    ['model-7', 'anything', 'MODEL-7'],
    ['model-777', 'anything', 'MODEL-7770-B'],
    ['绿茶', '中国绿茶叶'],
  ])('%j finds %j', async (q, name, sku = 'x') => {
    expect(await finds(q.slice(0, 255), { name, sku })).toBe(true);
  });

  it.each([
    ['ча', 'Чай зелёный'],
    ['леный', 'Чай зелёный'],
    ['зел-чай', 'Чай зелёный'],
    ['чай чёрный', 'Чай зелёный'],
    ['shirt-t', 'T-Shirt'],
    ['a-1', 'B-1 A-2'],
    ['чаи', 'Чай'],
    ['茶绿', '绿茶'],
    ['%', 'Чай'],
    ['\u200b', 'Чай'],
    ["'); DROP TABLE orders; --", 'Чай'],
  ])('%j does not find %j', async (q, name) => {
    expect(await finds(q, { name })).toBe(false);
  });
});

describe('a search finds an order by its number', () => {
  it.each([
    ['web-000123', 'Web-000123'],
    ['WEB‑000', 'Web-000123'],
    ['000123', 'Web-000123'],
    ['web 000123', 'Web-000123'],
    ['abc12', 'ABC123'],
    ['заказ_№1', 'Заказ_№1'],
    ['e\u0301', '\u00e9'],
    ['#10', '#1001'],
    ['1001', '#1001'],
    ['---', '---1'],
    ['1', '123-1'],
    ['123', '123-1'],
    ['ord', 'ORD-2024-000123'],
    ['2024', 'ORD-2024-000123'],
    ['000123', 'ORD-2024-000123'],
    ['ord-2024', 'ORD-2024-000123'],
    ['2024-000123', 'ORD-2024-000123'],
    ['000123 2024', 'ORD-2024-000123'],
    ['2024 ORD', 'ord-2024-000123'],
    ['ord–20', 'ORD-2024-000123'],
    ['ORD 20', 'ord-2024-000123'],
    ['b c', 'a-b-c-d'],
    ['ｏｒｄ', 'ORD7'],
    ['52645', 'CAM-52645'],
    ['52645', 'CAM52645'],
    ['645', 'CAM-52645'],
    ['AM-5', 'cam-52645'],
    ['6001', 'ORD20260017-A'],
  ])('%j finds %j', async (q, order_number) => {
    expect(await finds(q, { order_number })).toBe(true);
  });

  it.each([
    ['eb-', 'Web-000123'],
    ['23', 'Web-000123'],
    ['web-000124', 'Web-000123'],
    ['2024-ord', 'ORD-2024-000123'],
    ['024 123', 'ORD-2024-000123'],
    ['ord 000124', 'ORD-2024-000123'],
    ['\u200b', 'ORD-2024-000123'],
  ])('%j does not find %j', async (q, order_number) => {
    expect(await finds(q, { order_number })).toBe(false);
  });
});

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
          await test.pg.query('TRUNCATE users RESTART IDENTITY CASCADE');
          await test.pg.query("INSERT INTO users (username) VALUES ('somebody')");
          await test.pg.query(
            `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
           SELECT 1, n, now(), 1, 'new', '' FROM unnest($1::text[]) AS n`,
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
  }, 120_000);
});

describe('a search finds the orders of a seller by its name', () => {
  it.each([
    ['cafe\u0301', 'Café Müller'],
    ['müll', 'Müller & Söhne'],
    ['SÖHNE', 'Müller & Söhne'],
    ['магазин', 'Лучший магазин'],
    ['spacey', 'spacey '],
    ['!!', '!!!'],
  ])('%j finds %j', async (q, seller) => {
    expect(await finds(q, { seller })).toBe(true);
  });
});

describe('any text', () => {
  /** Texts of every script: single code points, letters that belong together, words and marks. */
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
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
   * The words of a text, as Unicode's categories have them:
   * letters, digits and what stands on them.
   */
  const wordsOf = (joined: string) =>
    joined
      .normalize('NFC')
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .filter((word) => visible(word) !== '');

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
  }, 120_000);

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
  }, 60_000);
});
