import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiDocument, listOperations } from '../../../functions/openapi/docs/api-document.ts';
import { exampleOf } from '../../../functions/openapi/docs/problems.ts';
import { isProblemCode, PROBLEM_CODES } from '../../../functions/shared/problem-codes.ts';
import { axeViolations } from '../../admin/proxied-admin.ts';
import { readText } from '../../architecture/source-files.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { startTestService } from '../../helpers/service.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { bodyOf, PageClient } from './client.ts';
import { PROVOKED } from './provoked.ts';

// What the page shows is so: its programs run against the service, its examples of problems are
// what the service answers, and a browser shows it as it is meant.

const document: ApiDocument = JSON.parse(readText('docs/openapi.json'));
const operations = listOperations(document);

/** What stands in the document for values that are others each time. */
const UPLOAD_ID = '019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f';
const CURSOR = 'CURSOR';

/** Cursors age by the service's clock; and nobody sends 20 MiB, or to the admin, for an example. */
const NOT_PLAYED = ['cursor_too_old', 'answer_too_large', 'invalid'];

let client: PageClient;
let page: Page;
/** Programs as a reader copies them, by operation and language. */
let programs: Map<string, string>;
const folder = temporaryFolder();
const running = new AsyncDisposableStack();

beforeAll(async () => {
  const [service, { browser, close }] = await Promise.all([startTestService(), launchBrowser()]);
  running.use(service);
  running.defer(close);
  client = await PageClient.connect(service);
  running.defer(() => client.db.end());
  page = await browser.newPage({ viewport: { width: 360, height: 780 } });
  await page.goto(`${client.api}/api/docs`);
  const snippets = await page
    .locator('.snippets details')
    .evaluateAll((elements) =>
      elements.map((one): [string, string] => [
        `${one.getAttribute('name')} ${one.querySelector('summary')?.textContent}`,
        one.querySelector('code')?.textContent ?? '',
      ]),
    );
  programs = new Map(snippets);
});
afterAll(() => running.disposeAsync());
beforeEach(() => client.reset());
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Such as `python3`, with requests; where none is named, Node.js and curl are enough. */
const { PYTHON } = process.env;

/** What a program's answer has, in each language. */
const RUN: Readonly<Record<string, (code: string, name: string) => Promise<string[]>>> = {
  curl: async (code) => Object.keys(JSON.parse(await printed('sh', code))),
  JavaScript: async (code, name) => Object.keys(await runJavaScript(code, name)),
  ...(PYTHON && {
    Python: async (code) => {
      const withNames = `${code}\nimport json\nprint(json.dumps(list(answer)))`;
      return JSON.parse((await printed(PYTHON, withNames)).trim().split('\n').at(-1) ?? '');
    },
  }),
};

describe.each(Object.entries(RUN))('the programs on the page, in %s', (language, run) => {
  it.each(operations)('get the answer that is shown: $operationId', async (operation) => {
    const { operationId, responses } = operation;
    const { examples = {} } = responses['200']?.content?.['application/json'] ?? {};
    const shown = Object.values(examples)[0]?.value ?? document;
    const names = await run(await prepared(`${operationId} ${language}`), operationId);
    expect(names).toEqual(Object.keys(shown));
  });
});

describe('the problems on the page', () => {
  it('are all played but for some', () => {
    expect([...Object.keys(PROVOKED), ...NOT_PLAYED].sort()).toEqual([...PROBLEM_CODES].sort());
  });

  it.each(Object.entries(PROVOKED))('are what the service answers: %s', async (code, provoke) => {
    if (!isProblemCode(code)) throw new Error(`${code} is no code.`);
    const answer = await bodyOf(await provoke(client));
    const example = JSON.parse(exampleOf(document, code));
    expect({ ...answer, request_id: example.request_id }).toEqual(example);
  });

  it('are where their type leads', async () => {
    const { type } = await bodyOf(await client.upload([{ status: 'paid ' }]));
    await page.goto(new URL(String(type), client.api).href);
    const section = page.locator(':target');
    expect(await section.innerText()).toContain('outer_space');
    expect(await section.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(
      200,
    );
  });
});

describe('what is not taken', () => {
  const GZIP = { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' };

  it.each([
    [413, 'more than 16 MiB when it is decompressed', gzipSync(' '.repeat(17 * 2 ** 20)), GZIP],
    [413, 'more than AWS takes', new Uint8Array(11 * 2 ** 20), {}],
    [415, 'another content type', '<orders/>', { 'content-type': 'text/xml' }],
    [415, 'another compression', '{}', { ...GZIP, 'content-encoding': 'br' }],
    [431, 'headers that are too long', '{}', { 'x-trace': 'x'.repeat(11_000) }],
  ])('is answered by %i: %s', async (status, _what, body, headers) => {
    const type = { 'content-type': 'application/json' };
    const answer = await client.send('POST /api/orders/upload', {
      body,
      headers: { ...type, ...headers },
    });
    expect(answer.status).toBe(status); // and documented, to which the service holds it
  });
});

describe('HEAD', () => {
  it.each(['/api/docs', '/api/openapi.json', '/api/whoami'])('is no route, on %s', async (path) => {
    const { status } = await fetch(`${client.api}${path}`, { method: 'HEAD' });
    expect(status).toBe(404); // as docs/api.md says: API Gateway makes none of a GET
  });
});

describe('the page in a browser', () => {
  it.each([360, 768, 1280])('is no wider than its window of %i', async (width) => {
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' });
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  it('prints every program, without the contents', async () => {
    await page.emulateMedia({ media: 'print' });
    const python = page.locator('.snippets details:last-child code').first();
    expect(
      await python.evaluate((element) => element.getBoundingClientRect().height),
    ).toBeGreaterThan(50);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
  });

  it('can be used by everybody and read in light and dark, by one section of each kind', async () => {
    await page.evaluate(
      "document.querySelectorAll('.operation ~ .operation, .problem ~ .problem').forEach((one) => one.remove())",
    );
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' });
    expect(await axeViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeViolations(page, { runOnly: ['color-contrast'] })).toEqual([]);
  });
});

/** A program with the service's own values in place of those that are others each time. */
async function prepared(program: string): Promise<string> {
  await client.reset();
  const code = programs.get(program) ?? '';
  const cursor = code.includes(CURSOR) ? await client.cursor() : '';
  const id = await client.uploadId();
  vi.stubEnv('ORDER_ANALYTICS_URL', client.api);
  vi.stubEnv('ORDER_ANALYTICS_KEY', client.key);
  return code.replace(UPLOAD_ID, id).replace(CURSOR, cursor);
}

async function printed(command: string, code: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, ['-c', code], { env: process.env });
  return stdout;
}

/** In this process, which saves starting another. */
async function runJavaScript(code: string, name: string): Promise<object> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(pathToFileURL(file).href);
  return log.mock.lastCall?.[0];
}
