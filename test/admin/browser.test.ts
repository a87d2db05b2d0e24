import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../db/orders.ts';
import { item, order } from '../helpers/orders.ts';
import {
  axeViolations,
  keepScreenshot,
  type OpenedAdmin,
  openAdminInBrowser,
} from './opened-admin.ts';

// The admin as people see it: in a browser, through the opener, on the whole local service.

const EVIL = `"'><script>document.title=1</script>`;

let admin: OpenedAdmin;
beforeAll(async () => {
  admin = await openAdminInBrowser();
  await uploadOrders(admin.db, 'test_seller', sellersOrders());
  await uploadOrders(admin.db, EVIL, [
    order({ order_number: EVIL, status: '<i>"\'</i>', items: [item({ sku: EVIL, name: EVIL })] }),
  ]);
  await admin.pg.query(`
    INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, duration_ms,
      days_checked, rows_checked, drift_found, drift_repaired, error)
    VALUES
      (gen_random_uuid(), 'night', '2025-11-11', '2025-11-12', 'succeeded', '2025-11-12T00:15:00Z', 850, 4, 1234, 2, 2, NULL),
      (gen_random_uuid(), 'backfill', '2025-01-01', '2025-02-01', 'failed', '2025-11-12T09:00:00Z', 61000, 31, 99, 0, 0, '${EVIL.replaceAll("'", "''")}')`);
}, 240_000);
afterAll(() => admin.close(), 60_000);

/** A hundred and thirty orders of forty days, one of them with green tea. */
function sellersOrders() {
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
const PAGES: readonly (readonly [string, string])[] = [
  ['orders', '/admin/orders'],
  ['seller', '/admin/sellers/test_seller'],
  ['seller-evil', `/admin/seller?name=${encodeURIComponent(EVIL)}`],
  ['runs', '/admin/runs'],
  ['not-found', '/admin/no-such-page'],
  ['no-such-seller', '/admin/sellers/nobody'],
  ['refused', '/admin/sellers/test_seller?days=7'],
];

const visit = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);

describe('the admin in a browser', () => {
  it.each(['light', 'dark'] as const)('passes axe-core on every page, %s', async (colorScheme) => {
    const page = await admin.open({ colorScheme });
    const found: Record<string, string[]> = {};
    for (const [name, address] of PAGES) {
      await visit(page, address);
      await keepScreenshot(page, `${name}-${colorScheme}`);
      const violations = await axeViolations(page);
      if (violations.length > 0) found[name] = violations;
    }
    expect(found).toEqual({});
    await page.context().close();
  }, 180_000);

  it('fits a phone of 360 pixels, without a page that scrolls sideways', async () => {
    const page = await admin.open({ viewport: { width: 360, height: 740 } });
    for (const [name, address] of PAGES) {
      await visit(page, address);
      await keepScreenshot(page, `${name}-360`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([name, width]).toEqual([name, 360]);
    }
    await page.context().close();
  }, 120_000);

  it('runs no script, whatever is in the data', async () => {
    const page = await admin.open();
    const errors: string[] = [];
    page.on('console', (message) => errors.push(message.text()));
    for (const address of [
      '/admin/orders',
      `/admin/seller?name=${encodeURIComponent(EVIL)}`,
      '/admin/runs',
    ]) {
      await visit(page, address);
      expect(await page.title()).toContain('Order analytics');
      expect(await page.locator('script, i').count()).toBe(0);
      expect(await page.locator('main').innerText()).toContain(EVIL);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  }, 120_000);
});

describe('the admin without JavaScript', () => {
  let page: Page;
  beforeAll(async () => {
    page = await admin.open({ javaScriptEnabled: false });
  });
  afterAll(() => page.context().close());

  it("shows a seller's figures for the days that are asked for", async () => {
    await visit(page, '/admin/sellers/test_seller');
    expect(await page.locator('h1').innerText()).toBe('test_seller');
    await page.getByRole('link', { name: '365 days' }).click();
    await page.waitForURL(/days=365/);
    expect(await page.getByRole('img').count()).toBe(2);
    expect(
      await page.getByRole('region', { name: 'Days with orders' }).locator('tbody tr').count(),
    ).toBe(40);
  });

  it('leads from the orders to the runs', async () => {
    await visit(page, '/admin/orders');
    await page.getByRole('link', { name: 'Nightly runs' }).click();
    expect(await page.locator('h1').innerText()).toBe('Nightly runs');
    expect(await page.getByRole('row', { name: /2025-11-12 00:15/ }).innerText()).toContain(
      '2 rows, repaired',
    );
  });
});

describe('a browser that was not let in', () => {
  it('is told how to be, and is let in by the link alone', async () => {
    const page = await admin.open();
    const stranger = await (await admin.browser.newContext()).newPage();
    await stranger.goto(page.url());
    expect(await stranger.locator('h1').innerText()).toBe('Not let in');
    await stranger.context().close();
    await page.context().close();
  });
});
