import { createKey } from '../../db/keys/seller-keys.ts';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import { SOMEBODY } from '../helpers/audit-log.ts';
import { item, order } from '../helpers/orders.ts';
import type { OpenedAdmin } from './proxied-admin.ts';

/** What somebody wrote to do harm. */
export const EVIL = `"'><script>document.title=1</script>`;
export const ODD_NUMBER = 'Заказ №1/2 «ё» 🫖?#%20';

/** Texts as long as they may be, without a place to break. */
const LONGEST = {
  seller: 'S'.repeat(50),
  order_number: `N${'0123456789'.repeat(5).slice(1)}`,
  status: 'STATUS_OF_20_LETTERS',
  item: item({ sku: 'K'.repeat(50), name: 'n'.repeat(255), price: '99999999.99' }),
};

/** Orders of some sellers, keys and runs, for every page to show something. */
export async function fill({ db, pg }: OpenedAdmin): Promise<void> {
  await uploadOrders(db, 'test_seller', sellersOrders());
  await uploadOrders(db, EVIL, [
    order({ order_number: ODD_NUMBER }),
    order({ order_number: EVIL, status: '<i>"\'</i>', items: [item({ sku: EVIL, name: EVIL })] }),
  ]);
  await uploadOrders(db, 'Чайный дом «Улун» и сыновья, оптом и в розницу', recentOrders());
  await uploadOrders(db, LONGEST.seller, [
    order({ order_number: LONGEST.order_number, status: LONGEST.status, items: [LONGEST.item] }),
    order({ order_number: 'of-the-longest', status: 'сорок седьмой статус' }),
  ]);
  const ALL = ['orders:write', 'orders:read', 'stats:read'];
  for (const [id, user, label, scopes] of [
    ['testkey00001', 'test_seller', EVIL, ['stats:read']],
    ['testkey00002', EVIL, EVIL, ['stats:read']],
    ['testkey00003', 'test_seller', 'l'.repeat(100), ALL],
  ] as const) {
    const secretSha256 = 'ab'.repeat(32);
    await createKey(db, { id, secretSha256, user, label, scopes: [...scopes] }, SOMEBODY);
  }
  await pg.query(`
    INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, duration_ms,
      days_checked, rows_checked, drift_found, drift_repaired, error)
    VALUES
      (gen_random_uuid(), 'night', '2025-11-11', '2025-11-12', 'succeeded', '2025-11-12T00:15:00Z', 850, 4, 1234, 2, 2, NULL),
      (gen_random_uuid(), 'backfill', '2025-01-01', '2025-02-01', 'failed', '2025-11-12T09:00:00Z', 61000, 31, 99, 0, 0, '${EVIL.replaceAll("'", "''")}'),
      (gen_random_uuid(), 'backfill', '2025-02-01', '2025-02-08', 'succeeded', '2025-11-12T09:05:00Z', 900, 7, 9, 0, 0, NULL)`);
  await refuse(pg, EVIL, 'taken', '', 409);
  await refuse(pg, LONGEST.seller, 'invalid_date_time', '/orders/1234567/items/1234567/quantity');
  await refuse(pg, LONGEST.seller, 'status-413', '', 413);
  await refuse(pg, 'test_seller', 'invisible_character', '/orders/0/order_number');
}

/** As if uploads of a seller had been refused. */
async function refuse(
  pg: OpenedAdmin['pg'],
  seller: string,
  code: string,
  pointer: string,
  status = 400,
) {
  const key = 'testkey00001';
  const request = 'AaBbCcDdEeFfGgHh=';
  await pg.query(
    `INSERT INTO upload_refusals (user_id, code, status, key_id, request_id, pointer, errors_count, refusals_count)
     SELECT id, $2, $3, '${key}', '${request}', $4, 12345, 1234567 FROM users WHERE username = $1`,
    [seller, code, status, pointer],
  );
}

/** Orders of the last fifty days, for the overview. */
function recentOrders() {
  const statuses = ['delivered', 'paid', 'cancelled', 'a status of 20 chars'];
  return Array.from({ length: 40 }, (_, i) =>
    order({
      order_number: `recent-${i}`,
      created_at: new Date(Date.now() - ((i * i) % 47) * 86_400_000).toISOString(),
      total_amount: `${((i * 37) % 2000) + 10}.50`,
      status: statuses[i % 4]!,
    }),
  );
}

/** A hundred and thirty orders of forty days, one of them with green tea. */
export function sellersOrders() {
  const statuses = ['delivered', 'paid', 'new', 'cancelled'];
  return Array.from({ length: 130 }, (_, i) =>
    order({
      order_number: `A-${1000 + i}`,
      created_at: new Date(Date.UTC(2025, 9, 1 + (i % 40), 10, i % 60)).toISOString(),
      total_amount: `${((i * 37) % 200) + 10}.50`,
      status: statuses[i % 4]!,
      items: [item({ sku: `sku${i}`, name: i === 77 ? 'Сенча из Удзи' : 'Чашка фарфоровая' })],
    }),
  );
}

/** Addresses of every kind of page, by the names of their screenshots. */
export const PAGES: readonly (readonly [string, string])[] = [
  ['overview', '/admin'],
  ['sellers', '/admin/sellers'],
  ['sellers-empty', '/admin/sellers?q=nothing'],
  ['uploads', '/admin/uploads'],
  ['uploads-longest', `/admin/uploads?seller=${LONGEST.seller}`],
  ['orders', '/admin/orders'],
  ['orders-empty', '/admin/orders?q=nothing'],
  ['orders-refused', '/admin/orders?from=yesterday'],
  ['order', '/admin/orders/A-1077'],
  ['order-longest', `/admin/orders/${LONGEST.order_number}`],
  ['seller-longest', `/admin/sellers/${LONGEST.seller}`],
  ['order-evil', `/admin/order?number=${encodeURIComponent(EVIL)}`],
  ['seller', '/admin/sellers/test_seller'],
  ['seller-evil', `/admin/seller?name=${encodeURIComponent(EVIL)}`],
  ['runs', '/admin/runs'],
  ['audit', '/admin/audit'],
  ['not-found', '/admin/no-such-page'],
  ['no-such-seller', '/admin/sellers/nobody'],
  ['keys', '/admin/keys'],
  ['key-new', '/admin/keys/new?user=test_seller'],
  ['key-refused', '/admin/keys/new/confirm?user=test_seller&last_day=2025-01-01'],
  ['key-confirm', `/admin/keys/new/confirm?user=${encodeURIComponent(EVIL)}&scope=stats:read`],
  ['key-rotate', '/admin/keys/testkey00001/rotate'],
  ['key-revoke', '/admin/keys/testkey00001/revoke'],
  ['order-delete', `/admin/actions/delete-order?number=${encodeURIComponent(EVIL)}`],
  ['seller-erase', `/admin/erase-seller?name=${encodeURIComponent(EVIL)}`],
  ['seller-note', `/admin/actions/seller-note?name=${encodeURIComponent(EVIL)}`],
  ['refused', '/admin/sellers/test_seller?days=7'],
];

/** Pages that show what somebody wrote to do harm. */
export const WITH_EVIL = [
  '/admin',
  '/admin/sellers?sort=name',
  '/admin/uploads',
  `/admin/uploads?seller=${encodeURIComponent(EVIL)}`,
  `/admin/sellers?q=${encodeURIComponent(EVIL)}`,
  '/admin/orders',
  `/admin/orders?q=${encodeURIComponent(EVIL)}`,
  `/admin/order?number=${encodeURIComponent(EVIL)}`,
  `/admin/seller?name=${encodeURIComponent(EVIL)}`,
  '/admin/sellers/test_seller',
  '/admin/runs',
  '/admin/audit',
  '/admin/keys',
  '/admin/keys/testkey00001/revoke',
  `/admin/actions/delete-order?number=${encodeURIComponent(EVIL)}`,
  `/admin/actions/seller-note?name=${encodeURIComponent(EVIL)}`,
  `/admin/erase-seller?name=${encodeURIComponent(EVIL)}`,
  `/admin/keys/new/confirm?user=${encodeURIComponent(EVIL)}&scope=stats:read`,
];
