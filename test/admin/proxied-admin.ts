import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { writeOpeningPage } from '../../cli/admin/opening-page.ts';
import { startAdminProxy } from '../../cli/admin/proxy.ts';
import { targetOf } from '../../cli/target/local.ts';
import type { Database } from '../../db/schema.ts';
import type { DataApiServer } from '../../local/data-api/server.ts';
import { launchBrowser, type TestBrowser } from '../helpers/browser.ts';
import { connectAsOwner, startTestService } from '../helpers/service.ts';

/** The whole service with the admin proxy in front of its admin, and a browser. */
export interface OpenedAdmin {
  /** The service's own address. */
  readonly api: string;
  /** What the functions have asked the Data API. */
  readonly counters: DataApiServer['counters'];
  /** As the owner, over the Data API. */
  readonly db: Kysely<Database>;
  readonly pg: pg.Client;
  readonly browser: TestBrowser['browser'];
  /** A browser that the admin proxy has let in, on its first page. */
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

export async function openAdminInBrowser(): Promise<OpenedAdmin> {
  await using starting = new AsyncDisposableStack();
  const [service, { browser, close }] = await Promise.all([startTestService(), launchBrowser()]);
  starting.use(service);
  starting.defer(close);
  const { postgres } = service.endpoints;
  const client = new pg.Client(postgres);
  await client.connect();
  starting.defer(() => client.end());
  const db = connectAsOwner(service);
  starting.defer(() => db.destroy());
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-admin-proxy-'));
  starting.defer(() => rmSync(folder, { recursive: true }));
  const proxy = starting.use(await startAdminProxy(targetOf(service.endpoints, 'the test')));
  const running = starting.move();
  return {
    api: service.endpoints.api,
    counters: service.dataApi.counters,
    db,
    pg: client,
    browser,
    open: async (options) => {
      const context = await browser.newContext(options);
      // Before the test's own, so that the error says what was waited for.
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const file = join(folder, 'open.html');
      writeOpeningPage(file, proxy);
      await page.goto(pathToFileURL(file).href);
      if (options?.javaScriptEnabled === false) await page.getByRole('button').click();
      await page.waitForURL('**/admin');
      return page;
    },
    close: () => running.disposeAsync(),
  };
}

const OUTPUT = join(import.meta.dirname, '../../test-output/admin');

/**
 * With `SCREENSHOTS=1`: keeps what a page looks like, whole, for people to look at. To draw them
 * all takes as long as all that is tested.
 */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === undefined) return;
  mkdirSync(OUTPUT, { recursive: true });
  await page.screenshot({ path: join(OUTPUT, `${name}.png`), fullPage: true });
}

/** What axe-core finds wrong with a page, by all its rules or some, with where. */
export async function axeViolations(page: Page, rules: RunOptions = {}): Promise<string[]> {
  const isThere = await page.evaluate(`typeof axe === 'object'`);
  if (!isThere) await page.evaluate(axe.source); // half a megabyte
  const options = JSON.stringify({ ...rules, resultTypes: ['violations'] });
  // Nothing but these is brought here: the rest is megabytes.
  const violations = await page.evaluate<AxeResults['violations']>(
    `axe.run(${options}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}
