import { describe, expect, it } from 'vitest';
import { lookUp } from '../../../db/admin/lookup.ts';
import { listOrders } from '../../../db/admin/orders-list.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';

const test = useTestDatabase();

interface Searched {
  seller?: string;
  order_number?: string;
  sku?: string;
  name?: string;
}

/** One order in an empty database, found or not by the admin's list. */
async function finds(q: string, { seller, order_number, sku, name }: Searched): Promise<boolean> {
  await emptyTables(test.pg, SELLERS);
  await test.pg.query(
    `WITH seller AS (INSERT INTO users (username) VALUES ($1) RETURNING id),
     searched AS (
       INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, $2, now(), 1, 'new', '' FROM seller RETURNING id
     )
     INSERT INTO order_items SELECT id, 1, $3, $4, 1, 1 FROM searched`,
    [seller ?? 'somebody', order_number ?? '0', sku ?? 'anything', name ?? 'something'],
  );
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
