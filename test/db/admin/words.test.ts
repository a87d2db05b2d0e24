import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasWords, wordForms } from '../../../db/admin/words.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** Whether an item of this name is found, by the index's way and by looking at the item. */
async function finds(q: string, name: string): Promise<[boolean, boolean]> {
  await test.pg.query(`
    TRUNCATE users RESTART IDENTITY CASCADE;
    INSERT INTO users (username) VALUES ('s');
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
      VALUES (1, '1', now(), 1, 'new', '')`);
  await test.pg.query(`INSERT INTO order_items VALUES (1, 1, 'SKU-1', $1, 1, 1)`, [name]);
  const words = wordForms(q);
  const { rows } = await sql<{ by_index: boolean; by_item: boolean }>`
    SELECT
      EXISTS (SELECT FROM orders_with_words(${JSON.stringify(words)}::jsonb, 10)) AS by_index,
      EXISTS (SELECT FROM order_items AS i WHERE ${hasWords(words)}) AS by_item`.execute(test.db);
  return [rows[0]!.by_index, rows[0]!.by_item];
}

describe('the words of a search', () => {
  it.each([
    ['чай', 'Чай зелёный'],
    ['ЗЕЛЁНЫЙ чай', 'Чай зелёный'],
    ['зеленый', 'Чай зелёный'],
    ['зелёный', 'Чай зеленый'],
    ['люкс', 'Ложка «Люкс», новая'],
    ['«люкс»', 'Ложка Люкс'],
    ['12', 'Чашки (12 шт.)'],
    ['шт', 'Чашки (12 шт)'],
    ["o'neill's", "O'Neill's tea"],
    ['茶', '緑 茶'],
    ['sku-1', 'anything'],
    ['%s', '100 %s'],
  ])('%j find %j', async (q, name) => {
    expect(await finds(q, name)).toEqual([true, true]);
  });

  it.each([
    ['ча', 'Чай зелёный'],
    ['чай чёрный', 'Чай зелёный'],
    ['%', 'Чай'],
    ["'); DROP TABLE orders; --", 'Чай'],
  ])('%j do not find %j', async (q, name) => {
    expect(await finds(q, name)).toEqual([false, false]);
  });
});
