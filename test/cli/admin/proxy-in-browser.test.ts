import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openingPlace, writeOpeningPage } from '../../../cli/admin/opening-page.ts';
import type { AdminProxy } from '../../../cli/admin/proxy.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { axeViolations, keepScreenshot } from '../../admin/proxied-admin.ts';
import { launchBrowser, type TestBrowser } from '../../helpers/browser.ts';
import { giveCode, open, PAGE, running } from './proxied.ts';

// What a real browser does with the admin proxy, and what other pages in it can do.

const folder = mkdtempSync(join(tmpdir(), 'order-analytics-opening-'));
let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function newContext(): Promise<BrowserContext> {
  const context = await browser.browser.newContext();
  running.push(context);
  return context;
}

/** A browser in which the admin proxy's file was opened, at the admin. */
async function openFile(context: BrowserContext, proxy: AdminProxy): Promise<Page> {
  const place = openingPlace(folder);
  writeOpeningPage(place.path, proxy);
  const page = await context.newPage();
  await page.goto(pathToFileURL(place.path).href);
  await page.waitForURL('**/admin');
  return page;
}

/**
 * A page of somebody else's on another port, by the names that loopback has;
 * it keeps what it is asked.
 */
async function startOtherPort(html: string, cookies: readonly string[] = []) {
  const asked: IncomingMessage[] = [];
  const http = createServer((message, response) => {
    asked.push(message);
    response.setHeader('set-cookie', cookies);
    response.setHeader('content-type', 'text/html').end(html);
  });
  // As whoever does not look at the host that is asked for.
  const listener = http.listeners('request')[0] as (...args: unknown[]) => void;
  const listening = await listenOnLoopback(http, 0);
  http.removeAllListeners('request').on('request', listener);
  running.push(listening);
  return { port: listening.port, asked, hosts: ['127.0.0.1', 'localhost', 'other.localhost'] };
}

describe('the file that opens the admin', () => {
  it('is for this account alone, and lets in the browser that it is opened in', async () => {
    const { proxy, events } = await open();
    const place = openingPlace(folder);
    writeOpeningPage(place.path, proxy);
    expect(statSync(place.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(place.path)).mode & 0o777).toBe(0o700);
    const { code } = proxy;
    const page = await openFile(await newContext(), proxy);
    expect(await page.content()).toContain(PAGE.body);
    expect(new URL(page.url()).host).toMatch(/^admin-[0-9a-f]{32}\.localhost:\d+$/);
    expect((await giveCode(proxy, code)).status).toBe(403);
    expect(events).toHaveLength(1);
    place.remove();
    expect(() => statSync(dirname(place.path))).toThrow('ENOENT');
  });

  it('works by its button where scripts do not run', async () => {
    const { proxy } = await open();
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    running.push(context);
    const place = openingPlace(folder);
    writeOpeningPage(place.path, proxy);
    const page = await context.newPage();
    await page.goto(pathToFileURL(place.path).href);
    await page.getByRole('button', { name: 'Open the admin' }).click();
    await page.waitForURL('**/admin');
    expect(await page.content()).toContain(PAGE.body);
  });
});

describe('the door in a browser', () => {
  it('lets in by the code that is typed, after a wrong one too', async () => {
    const { proxy } = await open();
    const page = await (await newContext()).newPage();
    await page.goto(proxy.address);
    await page.getByLabel('Code').fill('guess');
    await page.getByRole('button', { name: 'Open the admin' }).click();
    await page.getByRole('heading', { name: 'This code does not work' }).waitFor();
    await page.getByLabel('Code').fill(proxy.code);
    await page.getByRole('button', { name: 'Open the admin' }).click();
    await page.waitForURL('**/admin');
    expect(await page.content()).toContain(PAGE.body);
  });
});

describe('a link from elsewhere', () => {
  it('shows the page after a click on the way on, and nothing of it before', async () => {
    const { proxy, events } = await open();
    const context = await newContext();
    const admin = await openFile(context, proxy);
    const { origin } = new URL(admin.url());
    events.length = 0;
    const { port } = await startOtherPort(`<a href="${origin}/admin/orders?q=tea">Look</a>`);
    const other = await context.newPage();
    await other.goto(`http://localhost:${port}/`);
    await other.getByRole('link', { name: 'Look' }).click();
    const way = other.getByRole('link', { name: 'Go on to this page' });
    await way.waitFor();
    expect(events).toEqual([]);
    await way.click();
    await other.waitForURL('**/admin/orders?q=tea');
    await expect.poll(() => other.content()).toContain(PAGE.body);
    expect(events.map(({ rawQueryString }) => rawQueryString)).toEqual(['q=tea']);
  });

  it('to the door opens its page once the code is given', async () => {
    const { proxy } = await open();
    const page = await (await newContext()).newPage();
    await page.goto(`${proxy.address}admin/orders?q=tea`);
    await page.getByLabel('Code').fill(proxy.code);
    await page.getByRole('button', { name: 'Open the admin' }).click();
    await page.waitForURL('**/admin/orders?q=tea');
    await expect.poll(() => page.content()).toContain(PAGE.body);
  });
});

describe("the admin proxy's own pages", () => {
  it.each([
    'light',
    'dark',
  ] as const)('look like the admin, %s, and pass axe-core', async (colorScheme) => {
    const { proxy } = await open();
    const context = await browser.browser.newContext({
      colorScheme,
      viewport: { width: 360, height: 740 },
    });
    running.push(context);
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    for (const path of ['', 'admin/orders', 'api']) {
      await page.goto(proxy.address + path);
      await keepScreenshot(page, `proxy-${path.replace('/', '-') || 'door'}-${colorScheme}`);
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const display = `getComputedStyle(document.querySelector('.brand')).display`;
      expect(await page.evaluate(display)).toBe('flex');
    }
    expect(refused.filter((text) => !text.includes('403'))).toEqual([]);
  });
});

describe('a page on another port of this machine', () => {
  it('neither gets the session nor overwrites it', async () => {
    const { proxy } = await open();
    const context = await newContext();
    const admin = await openFile(context, proxy);
    const [own] = await context.cookies(admin.url());
    const values = ['admin=evil', `admin_${proxy.port}=evil`];
    const { port, asked, hosts } = await startOtherPort('<h1>Other</h1>', [
      ...values.map((value) => `${value}; Path=/`),
      ...values.map((value) => `${value}; Path=/admin; Domain=localhost`),
    ]);
    const other = await context.newPage();
    for (const host of [...hosts, ...hosts]) await other.goto(`http://${host}:${port}/`);
    expect(asked.filter(({ headers }) => headers.cookie?.includes(own?.value ?? '?'))).toEqual([]);
    expect(asked.some(({ headers }) => headers.cookie?.includes('admin=evil'))).toBe(true);

    const fresh = await context.newPage();
    await fresh.goto(admin.url());
    expect(await fresh.content()).toContain(PAGE.body);
    expect(await context.cookies(admin.url())).toEqual([own]);
  });

  it('has nothing done and shown by frames, forms, images or links, though it knows the address', async () => {
    const { proxy, events } = await open();
    const context = await newContext();
    const admin = await openFile(context, proxy);
    const { origin } = new URL(admin.url());
    events.length = 0;
    const { port, hosts } = await startOtherPort(`
      <iframe src="${origin}/admin"></iframe> <img src="${origin}/admin">
      <form id="key" method="post" action="${origin}/admin/keys/create"><button>Create</button></form>
      <form method="post" action="${proxy.address}"><input name="code" value="guess"><button>Guess</button></form>
      <a href="${origin}/admin">Link</a>`);
    for (const host of hosts) {
      for (const [role, name, title] of [
        ['button', 'Create', 'From another site'],
        ['button', 'Guess', 'From another site'],
        ['link', 'Link', 'From another site'],
      ] as const) {
        const other = await context.newPage();
        await other.goto(`http://${host}:${port}/`);
        await other.getByRole(role, { name }).click();
        await other.getByRole('heading', { name: title }).waitFor();
        await other.close();
      }
    }
    expect(events).toEqual([]);
  });
});
