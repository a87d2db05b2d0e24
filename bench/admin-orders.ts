import type { Client } from 'pg';

/**
 * Orders as a marketplace has them: a thousand sellers of whom one has a tenth of all, three years,
 * statuses from four in five to 20 in a million, totals of a long tail, three items each of 20,000
 * products, whose words are from everywhere to once. The same `count` gives much the same orders.
 */
export async function addMarketplace(db: Client, count: number): Promise<void> {
  await db.query('SELECT setseed(0.5)');
  await db.query(
    `INSERT INTO users (username) SELECT 'seller-' || n FROM generate_series(1, 1000) AS n`,
  );
  await db.query(
    `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
     SELECT
       1 + floor(999.99 * power(a, 3)),
       'N-' || lpad((n::bigint * 7919 % 1000003)::text, 7, '0') || '-' || n,
       timestamptz '2023-01-01 00:00:00Z' + n * (interval '1095 days' / $1::int) + b * interval '3 days',
       (10 * exp(c * 7))::numeric(12, 2),
       CASE
         WHEN n % 50000 = 7 THEN 'lost' WHEN d < 0.001 THEN 'returned' WHEN d < 0.01 THEN 'cancelled'
         WHEN d < 0.04 THEN 'new' WHEN d < 0.1 THEN 'paid' WHEN d < 0.2 THEN 'shipped' ELSE 'delivered'
       END,
       ''
     FROM (
       SELECT n, random() AS a, random() AS b, random() AS c, random() AS d
       FROM generate_series(1, $1::int) AS n
     ) AS drawn`,
    [count],
  );
  await db.query(
    `INSERT INTO order_items (order_id, line_no, sku, name, quantity, price)
     SELECT id, line_no, 'SKU-' || p,
       (ARRAY[${quoted(NOUNS)}])[p % 20 + 1] || ' ' || (ARRAY[${quoted(ADJECTIVES)}])[p / 20 % 16 + 1]
         || ', ' || (ARRAY['Classic', 'Premium', 'Basic', 'Люкс'])[p % 4 + 1] || ' модель-' || p,
       1 + p % 5, p % 1000
     FROM (
       SELECT o.id, line_no, floor(20000 * power(random(), 2))::int AS p
       FROM orders AS o, generate_series(1, 3) AS line_no
     ) AS drawn`,
  );
  await db.query(
    `INSERT INTO daily_order_stats
     SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, status, count(*), sum(total_amount)
     FROM orders GROUP BY 1, 2, 3`,
  );
  await db.query('VACUUM ANALYZE');
}

const NOUNS = [
  ...['Чай', 'Чашка', 'Ложка', 'Блюдце', 'Чайник', 'Сахарница', 'Поднос', 'Салфетка', 'Скатерть'],
  ...['Кофе', 'Турка', 'Самовар', 'Конфеты', 'Печенье', 'Варенье', 'Мёд', 'Стакан', 'Кувшин'],
  ...['Тарелка', 'Подстаканник'],
];
const ADJECTIVES = [
  ...['зелёный', 'чёрный', 'белый', 'фарфоровый', 'серебряный', 'стеклянный', 'деревянный'],
  ...['синий', 'красный', 'золотой', 'малый', 'большой', 'средний', 'подарочный', 'праздничный'],
  'детский',
];

const quoted = (texts: readonly string[]) => texts.map((text) => `'${text}'`).join(', ');
