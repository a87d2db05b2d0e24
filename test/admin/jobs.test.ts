import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../db/days.ts';
import { createKey } from '../../db/keys/seller-keys.ts';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import { generateKey } from '../../functions/shared/key-format.ts';
import { SOMEBODY } from '../helpers/audit-log.ts';
import { item, order } from '../helpers/orders.ts';
import { type OpenedAdmin, openAdminInBrowser } from './proxied-admin.ts';

// What people come to the admin for, each done as they do it: from the page that it opens with, by
// links and forms alone. How many clicks that takes is part of the promise.

const SHOP = 'Чайный дом';
const today = dayOf(Date.now());
const yesterday = addDays(today, -1);
/** Of all sellers, by day: yesterday is another one when midnight comes while the tests run. */
const REVENUE: Readonly<Record<string, string>> = { [today]: '10.00', [yesterday]: '150.00' };
const key = generateKey('test');

let admin: OpenedAdmin;
let page: Page;
let clicks = 0;

beforeAll(async () => {
  admin = await openAdminInBrowser();
  const onDay = (day: string, order_number: string, total_amount: string, changes = {}) =>
    order({ order_number, created_at: `${day}T00:00:01Z`, total_amount, ...changes });
  await uploadOrders(admin.db, SHOP, [
    onDay(today, 'today', REVENUE[today]!),
    onDay(yesterday, 'CAM-52645-20251112', '100.50'),
    onDay(addDays(today, -7), 'last-week', '8.00'),
    onDay('2025-11-03', 'cancelled-1', '1250.25', { status: 'cancelled' }),
    onDay('2025-11-28', 'cancelled-2', '20.50', { status: 'cancelled' }),
    onDay('2025-12-01', 'cancelled-3', '7.00', { status: 'cancelled' }),
    onDay('2025-11-04', 'paid-1', '99.99', {
      status: 'paid',
      items: [item({ sku: 'sencha', name: 'Сенча из Удзи, 100 г' })],
    }),
  ]);
  await uploadOrders(admin.db, 'small shop', [onDay(yesterday, 'small', '49.50')]);
  await admin.pg.query(
    "UPDATE orders SET last_changed_at = '2025-12-24' WHERE created_at < '2025-12-24'",
  );
  await createKey(
    admin.db,
    { ...key, user: SHOP, label: 'erp', scopes: ['orders:write'] },
    SOMEBODY,
  );
  await admin.pg.query(`
    INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, duration_ms, days_checked, rows_checked)
    VALUES (gen_random_uuid(), 'night', '${yesterday}', '${today}', 'succeeded', now(), 850, 4, 1234)`);
  page = await admin.open({ acceptDownloads: true });
});
afterAll(() => admin.close());

/**
 * Each job begins at the page that the admin opens with.
 * @returns the day of that page, which is asked for again if its day ends meanwhile
 */
async function begin(): Promise<string> {
  const day = dayOf(Date.now());
  await page.goto(new URL('/admin', page.url()).href);
  clicks = 0;
  return day === dayOf(Date.now()) ? day : begin();
}

async function click(role: 'link' | 'button' | 'radio', name: string | RegExp): Promise<void> {
  await page
    .getByRole(role, { name, exact: typeof name === 'string' })
    .first()
    .click();
  clicks += 1;
}

async function unfold(text: string): Promise<void> {
  await page.locator('summary', { hasText: text }).click();
  clicks += 1;
}

const goTo = (section: string) => click('link', section);
const shown = () => page.locator('main').innerText();

/** What a figure of the overview says. */
const figure = (title: string) =>
  page.locator('.figures > div', { has: page.getByText(title, { exact: true }) }).innerText();

async function search(text: string): Promise<void> {
  await page.getByLabel('Search', { exact: true }).fill(text);
  await click('button', 'Search');
}

async function uploadRefused(): Promise<string> {
  const response = await fetch(`${admin.api}/api/orders/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      user: SHOP,
      orders: [order({ order_number: 'secret-number', status: '<b>\u202e</b>' })],
    }),
  });
  expect(response.status).toBe(400);
  return JSON.parse(await response.text()).request_id;
}

describe('a person finds out, in so many clicks,', () => {
  it('yesterday’s revenue of all sellers: none', async () => {
    const day = await begin();
    expect(await figure('Yesterday')).toContain(REVENUE[addDays(day, -1)]);
  });

  it('this week against last: none', async () => {
    await begin();
    expect(await figure('This week so far')).toMatch(/against [\d,.]+/);
  });

  it('the biggest seller: none for 30 days, two for another period', async () => {
    await begin();
    const top = page.getByRole('table', { name: 'Sellers with most revenue' });
    expect(await top.locator('tbody th').first().innerText()).toBe(SHOP);
    await goTo('Sellers');
    await click('link', '7 days');
    expect(await page.locator('tbody th').first().innerText()).toBe(SHOP);
    expect(clicks).toBe(2);
  });

  it('what changed since yesterday: one', async () => {
    await begin();
    await click('link', 'Orders changed since yesterday');
    const numbers = await page.locator('table.orders tbody th').allInnerTexts();
    expect(numbers.toSorted()).toEqual(['CAM-52645-20251112', 'last-week', 'small', 'today']);
    expect(clicks).toBe(1);
  });

  it('how the last night went: none, and one for what it did', async () => {
    await begin();
    expect(await shown()).toContain(`Night of ${yesterday}: succeeded`);
    await goTo('Nightly runs');
    expect(await shown()).toContain('1,234');
    expect(clicks).toBe(1);
  });

  it('the cancelled orders of a month and their sum: six', async () => {
    await begin();
    await goTo('Orders');
    await click('link', /^2025/);
    await click('link', /^November/);
    await unfold('Filters');
    await page.getByLabel(/^ *cancelled/).check();
    clicks += 1;
    await click('button', 'Apply');
    expect(await shown()).toContain('2 orders · 1,270.75');
    expect(clicks).toBe(6);
  });

  it('the orders with a product: two', async () => {
    await begin();
    await goTo('Orders');
    await search('сенча');
    expect(await page.locator('table.orders tbody th').allInnerTexts()).toEqual(['paid-1']);
    expect(clicks).toBe(2);
  });

  it('an order by the first half of its number: three', async () => {
    await begin();
    await goTo('Orders');
    await search('CAM-526');
    await click('link', 'CAM-52645-20251112');
    expect(await page.locator('h1').innerText()).toBe('CAM-52645-20251112');
    expect(clicks).toBe(3);
  });

  it('what was refused of a seller of late: one', async () => {
    const requestId = await uploadRefused();
    await begin();
    const latest = page.locator('section', { has: page.getByText('Latest refusals') });
    const row = await latest.locator('tbody tr').first().innerText();
    for (const text of [SHOP, '400', 'invisible_character', '/orders/0/status', key.id]) {
      expect(row).toContain(text);
    }
    await latest.locator('tbody th a').first().click();
    clicks += 1;
    const refused = await page.locator('#refusals tbody tr').first().innerText();
    expect(refused).toContain(requestId);
    expect(await shown()).not.toMatch(/secret-number|\u202e/);
    expect(clicks).toBe(1);
  });
});

describe('a person does, in so many clicks,', () => {
  it('pass a page on to a colleague: none but in the browser itself', async () => {
    await begin();
    await goTo('Orders');
    await search('сенча');
    const { pathname, search: query } = new URL(page.url());
    const colleague = await admin.open();
    await colleague.goto(new URL(pathname + query, colleague.url()).href);
    expect(await colleague.locator('main').innerText()).toBe(await shown());
    await colleague.context().close();
  });

  it('export a month for an accountant whose Excel has decimal commas: six', async () => {
    await begin();
    await goTo('Orders');
    await click('link', /^2025/);
    await click('link', /^November/);
    await unfold('Export');
    await click('radio', /Excel/);
    const download = page.waitForEvent('download');
    await click('button', 'Download CSV');
    const file = await download;
    expect(file.suggestedFilename()).toBe('orders-2025-11.csv');
    const csv = readFileSync(await file.path(), 'utf8');
    expect(csv).toContain(';1250,25;');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(4);
    expect(clicks).toBe(6);
  });

  it('end a key that leaked, found by itself: four', async () => {
    await begin();
    await goTo('Orders');
    await search(key.key);
    await click('link', 'Revoke it');
    await click('button', 'Revoke key');
    expect(await page.locator('h1').innerText()).toBe('The key is revoked');
    expect(clicks).toBe(4);
    const { rows } = await admin.pg.query(
      'SELECT FROM seller_keys WHERE id = $1 AND revoked_at IS NOT NULL',
      [key.id],
    );
    expect(rows).toHaveLength(1);
  });
});
