import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenLooks, firstRowAt } from './looks.ts';
import {
  axeViolations,
  keepScreenshot,
  type OpenedAdmin,
  openAdminInBrowser,
} from './proxied-admin.ts';
import { fill, PAGES } from './shown-data.ts';

// How the admin looks: every page at each width, in light and dark, and on paper; with an order's
// number, a status and a seller's name that are as long as they may be.

let admin: OpenedAdmin;
beforeAll(async () => {
  admin = await openAdminInBrowser();
  await fill(admin);
});
afterAll(() => admin.close());

const HEIGHT = 800;
const WIDE = { width: 1280, height: HEIGHT };
const PHONE = { width: 360, height: HEIGHT };
/** What is between the margins of A4. */
const PAPER = { width: 690, height: 1000 };

/** What axe-core can find wrong at one width and not at another. */
const OF_THE_WIDTH = [
  'aria-hidden-focus',
  'aria-required-children',
  'aria-required-parent',
  'empty-table-header',
  'scrollable-region-focusable',
  'target-size',
];

/** Whose first row is what people come for. */
const LISTS = ['orders', 'sellers', 'uploads', 'runs'];

describe('every page of the admin', () => {
  it('breaks no badge and no id, scrolls sideways at no width, and passes axe-core', async () => {
    // Else colours are measured on their way from light to dark.
    const page = await admin.open({ viewport: WIDE, reducedMotion: 'reduce' });
    const origin = page.url();
    const found: Record<string, unknown> = {};
    const look = async (name: string, broken: readonly string[]) => {
      await keepScreenshot(page, name);
      if (broken.length > 0) found[name] = broken;
    };
    for (const [name, address] of PAGES) {
      await page.emulateMedia({ colorScheme: 'light', media: 'screen' });
      await page.setViewportSize(WIDE);
      await page.goto(new URL(address, origin).href);
      await look(`${name}-1280`, [...(await brokenLooks(page)), ...(await axeViolations(page))]);
      for (const width of [1024, 768]) {
        await page.setViewportSize({ width, height: HEIGHT });
        await look(`${name}-${width}`, await brokenLooks(page));
      }
      await page.setViewportSize(PHONE);
      await look(`${name}-360`, [
        ...(await brokenLooks(page)),
        ...(await axeViolations(page, { runOnly: OF_THE_WIDTH })),
      ]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await look(`${name}-360-dark`, await axeViolations(page, { runOnly: ['color-contrast'] }));
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ colorScheme: 'light', media: 'print' });
      await look(`${name}-print`, await brokenLooks(page));
    }
    expect(found).toEqual({});
    await page.context().close();
  });

  it('lists: begins with its first row within 320 pixels of the top', async () => {
    const page = await admin.open({ viewport: WIDE });
    const origin = page.url();
    for (const [name, address] of PAGES.filter(([name]) => LISTS.includes(name))) {
      await page.goto(new URL(address, origin).href);
      for (const width of [1280, 768]) {
        await page.setViewportSize({ width, height: HEIGHT });
        expect([name, width, await firstRowAt(page)]).toEqual([
          name,
          width,
          expect.toSatisfy((top) => top <= 320),
        ]);
      }
    }
    await page.context().close();
  });

  it('keeps the heads of a long table in sight', async () => {
    const page = await admin.open({ viewport: WIDE });
    await page.goto(new URL('/admin/orders', page.url()).href);
    await page.mouse.wheel(0, 1200);
    const head = page.getByRole('columnheader', { name: 'Status' });
    await expect.poll(async () => (await head.boundingBox())?.y).toBe(0);
    await page.context().close();
  });

  it('shows on a phone what can be done with a key', async () => {
    const page = await admin.open({ viewport: PHONE });
    await page.goto(new URL('/admin/sellers/test_seller', page.url()).href);
    for (const name of ['Rotate testkey00001', 'Revoke testkey00001']) {
      const { x = -1, width = 0 } = (await page.getByRole('link', { name }).boundingBox()) ?? {};
      expect([name, x >= 0 && width > 20 && x + width <= PHONE.width]).toEqual([name, true]);
    }
    await page.context().close();
  });
});

describe('a form on a phone', () => {
  it('has its choices beside their buttons, and no filter’s name broken by a long value', async () => {
    const page = await admin.open({ viewport: PHONE });
    await page.goto(new URL('/admin/orders', page.url()).href);
    await page.getByText('Export', { exact: true }).click();
    const beneath = `[...document.querySelectorAll('.export label')].filter((label) => {
      const text = document.createRange();
      text.selectNodeContents(label.lastChild);
      return text.getBoundingClientRect().left < label.firstElementChild.getBoundingClientRect().right;
    }).length`;
    expect(await page.evaluate(beneath)).toBe(0);
    await page.goto(new URL(`/admin/orders?q=${'word'.repeat(20)}`, page.url()).href);
    const name = await page.locator('.chips .muted').boundingBox();
    expect(name?.height).toBeLessThan(25);
    await page.context().close();
  });
});

describe('a page on paper', () => {
  it('says when it was and which orders it has, and is without what only a screen can use', async () => {
    const page = await admin.open({ viewport: PAPER });
    await page.emulateMedia({ media: 'print' });
    await page.goto(new URL('/admin/orders', page.url()).href);
    expect(await page.locator('header').innerText()).toMatch(/As of \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(await page.locator('main').innerText()).toContain('These are the first 50 orders');
    const onScreen = '.button, button, input, select, header nav, main nav';
    expect(await page.locator(onScreen).filter({ visible: true }).count()).toBe(0);
    await page.context().close();
  });

  it('leaves room between a figure and the words beside it', async () => {
    const page = await admin.open({ viewport: PAPER });
    await page.emulateMedia({ media: 'print' });
    await page.goto(new URL('/admin', page.url()).href);
    const room = `[...document.querySelectorAll('.num + :not(.num)')].map((e) => Number.parseFloat(getComputedStyle(e).paddingLeft))`;
    const rooms = await page.evaluate<number[]>(room);
    expect(rooms.length).toBeGreaterThan(0);
    expect(Math.min(...rooms)).toBeGreaterThan(4);
    await page.context().close();
  });

  it('has every row of what scrolls on a screen', async () => {
    const page = await admin.open({ viewport: PAPER });
    await page.emulateMedia({ media: 'print' });
    await page.goto(new URL('/admin/sellers/test_seller?days=365', page.url()).href);
    const cut = `[...document.querySelectorAll('.scroll')].filter((e) => e.scrollHeight > e.clientHeight + 10).length`;
    expect(await page.evaluate(cut)).toBe(0);
    await page.context().close();
  });
});
