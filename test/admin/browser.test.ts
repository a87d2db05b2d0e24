import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, type OpenedAdmin, openAdminInBrowser } from './proxied-admin.ts';
import { EVIL, fill, ODD_NUMBER, PAGES, sellersOrders, WITH_EVIL } from './shown-data.ts';

// The admin as people see it: in a browser, through the admin proxy, on the whole local service.

let admin: OpenedAdmin;
beforeAll(async () => {
  admin = await openAdminInBrowser();
  await fill(admin);
});
afterAll(() => admin.close());

const visit = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);

describe('the admin in a browser', () => {
  it('asks the Data API at most three times for a page', async () => {
    const page = await admin.open();
    for (const [name, address] of PAGES) {
      admin.counters.reset();
      await visit(page, address);
      const calls = Object.values(admin.counters.read()).map((counted) => counted.calls);
      expect([name, calls.reduce((sum, count) => sum + count, 0)]).toEqual([
        name,
        expect.toSatisfy((sum) => sum <= 3),
      ]);
    }
    await page.context().close();
  });

  it('lets the keyboard skip to the content and reach every row that scrolls', async () => {
    const page = await admin.open();
    await visit(page, '/admin/sellers/test_seller');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
    const days = page.getByRole('region', { name: 'Days with orders' });
    await days.focus();
    await page.keyboard.press('End');
    await expect
      .poll(() =>
        days.evaluate((element) => (element as unknown as { scrollTop: number }).scrollTop),
      )
      .toBeGreaterThan(0);
    await page.context().close();
  });

  it('runs no script, whatever is in the data', async () => {
    const page = await admin.open();
    const errors: string[] = [];
    page.on('console', (message) => errors.push(message.text()));
    for (const address of WITH_EVIL) {
      await visit(page, address);
      expect(await page.title()).toContain('Order analytics');
      expect(await page.locator('script, i').count()).toBe(0);
      expect(await page.locator('main').innerText()).toContain(EVIL);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('the admin without JavaScript', () => {
  let page: Page;
  beforeAll(async () => {
    page = await admin.open({ javaScriptEnabled: false });
  });
  afterAll(() => page.context().close());

  const heading = () => page.locator('h1').innerText();
  const follow = (name: string | RegExp) => page.getByRole('link', { name }).click();
  /** The texts of the first column of the orders on the page. */
  const orderNumbers = () => page.locator('table.orders tbody th').allInnerTexts();

  it('finds an order by a Cyrillic word of an item, and shows its items', async () => {
    await visit(page, '/admin/orders');
    await page.getByLabel('Search', { exact: true }).fill('Удзи');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/q=/);
    expect(await orderNumbers()).toEqual(['A-1077']);
    await follow('A-1077');
    await page.waitForURL('**/admin/orders/A-1077');
    expect(await heading()).toBe('A-1077');
    const items = page.getByRole('table', { name: 'Items of order A-1077' });
    const [line] = await items.locator('tbody tr').all();
    expect(await line?.getByRole('cell').allInnerTexts()).toEqual([
      'sku77',
      'Сенча из Удзи',
      '2',
      '500.00',
      '1,000.00',
    ]);
    expect(await items.locator('tfoot').innerText()).toContain('Total of the order');
    await keepScreenshot(page, 'order');
  });

  it('goes on to the next page and back with the filter, through every order once', async () => {
    await visit(page, '/admin/orders?seller=test_seller');
    const seen: string[][] = [];
    for (;;) {
      seen.push(await orderNumbers());
      const next = page.getByRole('link', { name: 'Next →' });
      if ((await next.count()) === 0) break;
      await next.click();
      await page.waitForURL(/after=/);
      expect(page.url()).toContain('seller=test_seller');
    }
    expect(new Set(seen.flat()).size).toBe(130);
    await follow('← Previous');
    await page.waitForURL(/before=/);
    expect(await orderNumbers()).toEqual(seen.at(-2));
  });

  it('filters by what is typed, and takes a filter away again', async () => {
    await visit(page, '/admin/orders');
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel(/^ *cancelled/).check();
    await page.getByLabel('Total from').fill('100');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/status=cancelled/);
    const rows = await page.locator('table.orders tbody tr').allInnerTexts();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.includes('cancelled'))).toBe(true);
    await keepScreenshot(page, 'orders-filtered');
    await follow(/Status cancelled/);
    await page.waitForURL((url) => !url.search.includes('cancelled'));
    expect(page.url()).toContain('min=100');
  });

  it('drills down from all dates to a year, a month and a day', async () => {
    await visit(page, '/admin/orders?seller=test_seller');
    for (const [name, url] of [
      [/^2025/, /from=2025-01-01/],
      [/^November/, /from=2025-11-01/],
      [/^9/, /from=2025-11-09&to=2025-11-09/],
    ] as const) {
      await page.getByRole('navigation', { name: 'By date' }).getByRole('link', { name }).click();
      await page.waitForURL(url);
    }
    expect(await orderNumbers()).toHaveLength(3);
    await keepScreenshot(page, 'orders-of-a-day');
  });

  it('exports what the filter finds', async () => {
    await visit(page, '/admin/orders?q=%D0%A3%D0%B4%D0%B7%D0%B8');
    await page.getByText('Export', { exact: true }).click();
    const download = async () => {
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download CSV' }).click();
      const file = await downloading;
      const csv = await text(await file.createReadStream());
      return { name: file.suggestedFilename(), lines: csv.split('\r\n') };
    };
    expect(await download()).toEqual({
      name: 'orders-search-удзи.csv',
      lines: [
        expect.stringContaining('order_number,'),
        expect.stringContaining('"A-1077","test_seller"'),
        '',
      ],
    });
    await page.getByLabel('item of an order').check();
    await page.getByLabel(/Excel/).check();
    await keepScreenshot(page, 'orders-export');
    expect(await download()).toEqual({
      name: 'items-search-удзи.csv',
      lines: [
        expect.stringContaining('order_number;'),
        expect.stringContaining('"sku77";"Сенча из Удзи";2;500,00;1000,00'),
        '',
      ],
    });
  });

  it('opens orders of any number by their links', async () => {
    for (const number of [EVIL, ODD_NUMBER]) {
      await visit(page, '/admin/orders');
      await page.getByRole('rowheader').getByRole('link', { name: number, exact: true }).click();
      await page.waitForURL(/order\?number=/);
      expect(await heading()).toBe(number);
    }
  });

  it("shows a seller's figures for the days that are asked for", async () => {
    await visit(page, '/admin/sellers/test_seller');
    expect(await heading()).toBe('test_seller');
    await follow('365 days');
    await page.waitForURL(/days=365/);
    expect(await page.getByRole('group', { name: /by week/ }).count()).toBe(2);
    const weeks = page.getByRole('region', { name: 'Weeks with orders' });
    expect(await weeks.locator('tbody tr').count()).toBe(6);
  });

  it('creates, rotates and revokes a key, each after asking', async () => {
    await visit(page, '/admin/sellers/test_seller');
    await follow('New key');
    await page.waitForURL(/keys\/new/);
    await page.getByLabel('Label').fill('склад "1"');
    await page.getByLabel('Read statistics').uncheck();
    await keepScreenshot(page, 'key-form');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(/keys\/new\/confirm/);
    await keepScreenshot(page, 'key-confirm');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.waitForURL('**/admin/keys/new');
    const key = await page.locator('.secret').innerText();
    expect(key).toMatch(/^oa_test_[a-z0-9]{12}_[0-9a-f]{64}$/);
    await keepScreenshot(page, 'key-created');
    expect(await uploadWith(key)).toBe(200);

    await follow('Done: I have copied it');
    const id = key.split('_')[2] ?? '';
    const row = page.getByRole('row', { name: id });
    expect(await row.innerText()).toContain('склад "1"');
    await row.getByRole('link', { name: 'Rotate' }).click();
    await page.getByLabel('The old key works beside it for').selectOption('an hour');
    await keepScreenshot(page, 'key-rotate');
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const rotated = await page.locator('.secret').innerText();
    expect(await uploadWith(rotated)).toBe(200);

    await follow('Done: I have copied it');
    const newId = rotated.split('_')[2] ?? '';
    // The old key's story names the new one, too.
    const newKey = page.getByRole('row', { name: new RegExp(`^${newId}`) });
    await newKey.getByRole('link', { name: 'Revoke' }).click();
    expect(await heading()).toBe('Revoke this key?');
    await keepScreenshot(page, 'key-revoke');
    await page.getByRole('button', { name: 'Revoke key' }).click();
    expect(await heading()).toBe('The key is revoked');
    await follow('Back to the seller');
    const revoked = page.getByRole('row', { name: new RegExp(`^${newId}`) });
    expect(await revoked.innerText()).toContain('revoked');
    expect(await revoked.getByRole('link').count()).toBe(0);
  });

  it('is told what does not fit in a form, beside what was typed', async () => {
    await visit(page, '/admin/keys/new/confirm?user=test_seller&label=erp');
    expect(await page.getByText('Must have at least one scope.').count()).toBe(1);
    expect(await page.getByLabel('Label').inputValue()).toBe('erp');
  });

  it('leads from the orders to the runs', async () => {
    await visit(page, '/admin/orders');
    await follow('Nightly runs');
    await page.waitForURL('**/admin/runs');
    expect(await heading()).toBe('Nightly runs');
    const row = page.getByRole('row', { name: /2025-11-12 00:15/ });
    expect(await row.innerText()).toContain('2 rows, repaired');
  });
});

/** What the API answers to an upload with a key. */
async function uploadWith(key: string): Promise<number> {
  const response = await fetch(`${admin.api}/api/orders/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'test_seller', orders: sellersOrders().slice(0, 1) }),
  });
  await response.text();
  return response.status;
}

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
