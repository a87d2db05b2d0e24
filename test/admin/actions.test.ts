import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import { item, order, rollUpDifferences, storedOrders } from '../helpers/orders.ts';
import {
  axeViolations,
  keepScreenshot,
  type OpenedAdmin,
  openAdminInBrowser,
} from './proxied-admin.ts';

// What people do by the admin's forms, in a browser without JavaScript, on the whole local service.

let admin: OpenedAdmin;
beforeAll(async () => {
  admin = await openAdminInBrowser();
});
afterAll(() => admin.close());

const NUMBER = 'A/17 №1';
const SELLER = 'Чайный дом «Улун», оптом и в розницу';

/** Without JavaScript a page can be measured, but not searched by axe-core. */
async function expectFits(page: Page, name: string, width: number): Promise<void> {
  await keepScreenshot(page, `${name}-${width}`);
  const scrolled = await page.evaluate('document.documentElement.scrollWidth');
  expect([name, scrolled]).toEqual([name, width]);
}

describe.each([360, 1280])('people with a window of %d pixels, without JavaScript', (width) => {
  let page: Page;
  beforeAll(async () => {
    await uploadOrders(admin.db, SELLER, [
      order({ order_number: NUMBER, total_amount: '2500.00', items: [item(), item()] }),
      order({ order_number: 'A-18', total_amount: '1.00' }),
    ]);
    page = await admin.open({ javaScriptEnabled: false, viewport: { width, height: 800 } });
  });
  afterAll(() => page.context().close());

  const visit = (address: string) => page.goto(new URL(address, page.url()).href);
  const heading = () => page.locator('h1').innerText();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
  const numbers = async () =>
    (await storedOrders(admin.pg, SELLER)).map(({ order_number }) => order_number).sort();

  it('delete an order, and undo that', async () => {
    await visit(`/admin/order?number=${encodeURIComponent(NUMBER)}`);
    await follow('Delete');
    expect(await heading()).toBe('Delete this order?');
    const asked = await page.locator('dl').innerText();
    expect(asked).toContain('2 → 1');
    expect(asked).toContain('2,501.00 → 1.00');
    await expectFits(page, 'action-delete-order', width);
    await press('Delete order');
    expect(await heading()).toBe('The order is deleted');
    await expectFits(page, 'action-deleted', width);
    expect(await numbers()).toEqual(['A-18']);

    await follow('receipt');
    await follow('Undo');
    expect(await heading()).toBe('Undo this deletion?');
    expect(await page.locator('dl').innerText()).toContain('1.00 → 2,501.00');
    await expectFits(page, 'action-undo-upload', width);
    const withScripts = await admin.open({ viewport: { width, height: 800 } });
    await withScripts.goto(page.url());
    expect(await axeViolations(withScripts)).toEqual([]);
    await withScripts.context().close();
    await press('Undo deletion');
    expect(await heading()).toBe('It is undone');
    await expectFits(page, 'action-undone', width);
    expect(await numbers()).toEqual(['A-18', NUMBER]);
    expect(await rollUpDifferences(admin.pg)).toEqual([]);
  });

  it('note something of a seller, and find what they did in the audit log', async () => {
    await visit(`/admin/seller?name=${encodeURIComponent(SELLER)}`);
    await follow('Change note');
    await page.getByLabel('Note').fill(`Call Anna.\nAt ${width}.`);
    await expectFits(page, 'action-note', width);
    await press('Save note');
    expect(await heading()).toBe(SELLER);
    expect(await page.locator('.note').innerText()).toBe(`Call Anna.\nAt ${width}.`);
    await expectFits(page, 'seller-with-note', width);

    await visit(`/admin/audit?seller=${encodeURIComponent(SELLER)}`);
    await expectFits(page, 'audit-of-seller', width);
    const [noted, undone, deleted] = await page.locator('tbody tr').allInnerTexts();
    expect(noted).toContain(`Note changed`);
    expect(noted).toContain(`At ${width}.`);
    expect(undone).toContain('Upload undone');
    expect(deleted).toMatch(/Order deleted[\s\S]*A\/17 №1[\s\S]*2500\.00 → –/);
  });
});
