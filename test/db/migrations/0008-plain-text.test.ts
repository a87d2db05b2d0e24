import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { down, up } from '../../../db/migrations/0008-plain-text.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { composed, nameFaults } from '../../../functions/shared/plain-text.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';

const test = useEmptyDatabase();

/** Runs the migration on what is stored; it has run on the empty database before. */
async function migrate(): Promise<void> {
  await test.db.transaction().execute(async (transaction) => {
    await down(transaction);
    await up(transaction);
  });
}

async function column(statement: string): Promise<unknown[]> {
  const { rows } = await test.pg.query({ text: statement, rowMode: 'array' });
  return rows.flat();
}

const numbers = () => column('SELECT order_number FROM orders ORDER BY id');

describe('the statuses of stored orders', () => {
  it('lose what cannot be seen, and merge in the roll-up', async () => {
    await uploadOrders(test.db, 'seller', [
      order({ order_number: '1', status: ' paid ' }),
      order({ order_number: '2', status: 'paid' }),
      order({ order_number: '3', status: 'pa\u200bid', created_at: '2025-11-13T00:00:00.000000Z' }),
      order({ order_number: '4', status: 'in\u00a0transit' }),
      order({ order_number: '5', status: 'оплаче\u0308н' }),
      order({ order_number: '6', status: 'отменён' }),
    ]);
    await uploadOrders(test.db, 'other', [order({ order_number: '7', status: 'paid\t' })]);
    await migrate();
    expect(await column('SELECT status FROM orders ORDER BY order_number')).toEqual([
      'paid',
      'paid',
      'paid',
      'in transit',
      'оплачён',
      'отменён',
      'paid',
    ]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(
      await column(`SELECT concat_ws(' ', username, day, status, orders_count, total_revenue)
        FROM daily_order_stats JOIN users ON users.id = user_id
        WHERE orders_count <> 0 AND status = 'paid' ORDER BY 1`),
    ).toEqual([
      'other 2025-11-12 paid 1 2500.00',
      'seller 2025-11-12 paid 2 5000.00',
      'seller 2025-11-13 paid 1 2500.00',
    ]);
  });

  it('stay as they are where nothing would be left, or too much', async () => {
    const statuses = [' ', '\u200b', '\u0958'.repeat(20)];
    await uploadOrders(
      test.db,
      'seller',
      statuses.map((status, i) => order({ order_number: `${i}`, status })),
    );
    await migrate();
    expect(await column('SELECT status FROM orders ORDER BY order_number')).toEqual(statuses);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('the numbers of stored orders', () => {
  it('become clean where that number is free, for who had it first', async () => {
    const stored = ['A-1', ' A-1', 'B\u200b-2', 'B-2 ', '\u200b', 'e\u0301-3', 'Ы-4', 'C\u00a05'];
    for (const order_number of stored) {
      await uploadOrders(test.db, `seller of ${stored.indexOf(order_number)}`, [
        order({ order_number }),
      ]);
    }
    await migrate();
    expect(await numbers()).toEqual(['A-1', ' A-1', 'B-2', 'B-2 ', '\u200b', 'é-3', 'Ы-4', 'C 5']);
  });

  it('say when they were changed, and leave alone who was not', async () => {
    await uploadOrders(test.db, 'seller', [
      order({ order_number: 'A' }),
      order({ order_number: 'B ' }),
      order({ order_number: 'C', status: 'paid ' }),
    ]);
    await migrate();
    expect(
      await column('SELECT last_changed_at > first_uploaded_at FROM orders ORDER BY order_number'),
    ).toEqual([false, true, true]);
  });

  it('are clean also of an upload that was on its way', async () => {
    await test.pg.query('BEGIN');
    await test.pg.query("INSERT INTO users (username) VALUES ('seller')");
    await test.pg.query(`INSERT INTO orders
      (user_id, order_number, created_at, total_amount, status, items_digest)
      SELECT id, 'A ', now(), 1, 'new', '' FROM users`);
    const migrated = migrate();
    await untilLockWaits(test.pg, 1);
    await test.pg.query('COMMIT');
    await migrated;
    expect(await numbers()).toEqual(['A']);
  });
});

describe('plain_text', () => {
  // Whatever is special to the rule, and something of everything else.
  const SPECIAL = [
    ...' \t\r\n\v\u0085\u00a0\u1680\u2003\u2028\u202f\u3000',
    ...'\u0001\u007f\u009f\u00ad\u034f\u061c\u115f\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f',
    ...'\u202e\u2060\u2066\u2800\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9',
    ...['\u{1d173}', '\u{e0001}', '\u{e0067}', '\u{e0100}'],
    ...'aZ0#*-\u20e3éёЙßΩ№\u0301\u0308\u0338\u0345\u0653',
    ...'سعةيكह्कන්රខ្ញ日本ー한\u1100\u1161\u11a8א\u0958\u212b\u2126\u05d0\u05bc',
    ...['❤', '☎', '↔', '©', '👩', '🏽', '🚀', '🏴', '🇷', '🇺', '\u{1f9d1}'],
    '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '👩\u200d❤\ufe0f\u200d👨',
    '1\ufe0f\u20e3',
  ];
  const character = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...SPECIAL) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 0xd7ff }).map((c) => String.fromCodePoint(c)),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 0x10000, max: 0x323af }).map((c) => String.fromCodePoint(c)),
    },
  );
  const texts = fc.array(
    fc.array(character, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
    { minLength: 300, maxLength: 300 },
  );

  it('may leave a joiner where what it took away had kept two marks in their order', async () => {
    // U+200E goes, U+0DCA comes before U+1A17 then, and U+200C no longer stands behind a virama.
    const { rows } = await test.pg.query(
      `SELECT plain_text($1) AS once, plain_text(plain_text($1)) AS twice`,
      ['\u1a17\u200e\u0dca\u200c\u0629'],
    );
    expect(rows).toEqual([{ once: '\u0dca\u1a17\u200c\u0629', twice: '\u0dca\u1a17\u0629' }]);
  });

  it('leaves just the texts that may be uploaded as they are, and makes such of all others, at the second time at the latest', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (batch) => {
        const { rows } = await test.pg.query(
          `SELECT plain_text(t) AS clean, plain_text(plain_text(t)) AS cleaner,
             unicode_assigned(t) AS is_known
           FROM unnest($1::text[]) WITH ORDINALITY AS u (t, place) ORDER BY place`,
          [batch],
        );
        const wrong = batch.flatMap((text, i) => {
          // PostgreSQL composes by Unicode 16, Node by a later one:
          // of newer marks they may disagree.
          const {
            clean,
            cleaner,
            is_known,
          }: Record<'clean' | 'cleaner', string> & {
            is_known: boolean;
          } = rows[i];
          if (!is_known) return [];
          const isFit = nameFaults(composed(text)).length === 0;
          const isCleanFit =
            nameFaults(composed(cleaner)).length === 0 && composed(cleaner) === cleaner;
          const agrees = isFit ? clean === composed(text) : clean !== composed(text);
          return agrees && isCleanFit ? [] : [{ text, clean, isFit, isCleanFit }];
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
