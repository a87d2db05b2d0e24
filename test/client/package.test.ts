import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { type Example, listExamples } from '../../cli/openapi/examples.ts';
import type { Service } from '../../local/service/service.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { startTestService } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// The package as it is published: built, packed, and used by a program that has nothing else.

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** Whichever Node.js the machine has, where npm runs the tests: ours is the newest. */
const NODE = process.env.npm_node_execpath ?? process.execPath;
const folder = temporaryFolder();
const built = join(folder, 'package');
const app = join(folder, 'app');

const tsc = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...args]).catch(
    ({ stdout }: { stdout: string }) => expect.fail(stdout),
  );

/** What `npm run build:client` does, with another folder for what it makes. */
async function build(dist: string): Promise<void> {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const script: string = scripts['build:client'];
  const elsewhere = script
    .replace('tsc -p client', `tsc -p client --outDir ${dist}`)
    .replaceAll('client/dist', dist);
  const PATH = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`;
  await run('sh', ['-ec', elsewhere], { cwd: ROOT, env: { ...process.env, PATH } });
}

let service: Service;
let key: string;
beforeAll(async () => {
  service = await startTestService();
  key = await createSellerKey(service.endpoints, 'test_seller');
  cpSync(join(ROOT, 'client'), built, {
    recursive: true,
    filter: (path) => !path.endsWith('dist'),
  });
  await build(join(built, 'dist'));
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  symlinkSync(built, join(app, 'node_modules/order-analytics-client'), 'dir');
  writeFileSync(join(app, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(app, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        skipLibCheck: true,
        noUncheckedIndexedAccess: true,
        outDir: 'out',
        rootDir: '.',
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      include: ['*.ts'],
    }),
  );
});
afterAll(() => service[Symbol.asyncDispose]());

describe('the package', () => {
  it('has what is built and what is to be read, and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: built });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const others = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual(['LICENSE', 'NOTICE', 'README.md', 'package.json']);
    const { exports, bin, dependencies } = JSON.parse(
      readFileSync(join(built, 'package.json'), 'utf8'),
    );
    const paths = files.map(({ path }) => `./${path}`);
    expect(paths).toEqual(
      expect.arrayContaining([...Object.values(exports['.']), ...Object.values(bin)]),
    );
    expect(dependencies).toBeUndefined();
  });

  it('imports nothing but its own files, and its command nothing but what Node has', () => {
    const imported = readdirSync(join(built, 'dist'))
      .filter((file) => file.endsWith('.js') && file !== 'command.js')
      .flatMap((file) => [
        ...readFileSync(join(built, 'dist', file), 'utf8').matchAll(/(?:from|import) ?\(?'(.*?)'/g),
      ])
      .map(([, specifier]) => specifier);
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((specifier) => !/^\.\/[\w-]+\.js$/.test(specifier ?? ''))).toEqual([]);
    const command = readFileSync(join(built, 'dist/command.js'), 'utf8');
    const needed = [...command.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
    expect(needed.length).toBeGreaterThan(5);
    expect(needed.filter((name) => !isBuiltin(name ?? ''))).toEqual([]);
  });

  it('has a command that runs, whatever env there is: that of BusyBox knows no -S', async () => {
    const command = readFileSync(join(built, 'dist/command.js'), 'utf8');
    expect(command.split('\n')[0]).toBe('#!/usr/bin/env node');
    const { stdout } = await run(NODE, [join(built, 'dist/command.js'), '--help']);
    expect(stdout).toContain('order-analytics upload FILE');
  });

  it('is also required by CommonJS', async () => {
    const program = "console.log(typeof require('order-analytics-client').OrderAnalyticsClient)";
    writeFileSync(join(app, 'required.cjs'), program);
    expect(await run(NODE, [join(app, 'required.cjs')])).toMatchObject({ stdout: 'function\n' });
  });

  it("does what its README shows, and has the types that the API's document shows", async () => {
    const { text, prints } = readmeProgram();
    writeFileSync(join(app, 'readme.ts'), text);
    writeFileSync(join(app, 'answers.ts'), shownAnswers());
    await tsc('-p', app);
    const { stdout, stderr } = await run(NODE, [join(app, 'out/readme.js')], {
      env: { ORDER_ANALYTICS_URL: service.endpoints.api, ORDER_ANALYTICS_KEY: key },
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(prints);
  }); // compiles and runs programs
});

describe('the package in a browser', () => {
  /** As a script of a page does it: with what the browser has for fetch, streams and chance. */
  const PROGRAM = `async ({ url, key, other }) => {
    const { OrderAnalyticsClient, UnauthorizedError } = await import('/app/index.js');
    const client = new OrderAnalyticsClient({ url, user: 'browser_seller', key });
    const orders = Array.from({ length: 300 }, (_, i) => ({
      order_number: 'browser-' + i,
      created_at: new Date(Date.UTC(2025, 0, 1)),
      total_amount: '0.10',
      status: 'paid',
      items: [{ sku: 'tea', name: 'Чай', quantity: 1, price: '0.10' }],
    }));
    let parts = 0;
    for await (const _ of client.uploadAll(orders, { partBytes: 2 ** 14 })) parts += 1;
    let read = 0;
    for await (const one of client.orders()) if (one.total_amount === '0.10') read += 1;
    const { total_revenue } = await client.stats();
    const stranger = new OrderAnalyticsClient({ url, user: 'browser_seller', key: other });
    const refused = await stranger.stats().catch((error) => error instanceof UnauthorizedError);
    return { parts, read, total_revenue, refused };
  }`;

  it('sends, reads and is refused, on a page of the same origin', async () => {
    const url = service.endpoints.api;
    const { browser, close } = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.route(`${url}/app/*`, (route) => {
        const name = new URL(route.request().url()).pathname.slice('/app/'.length);
        if (name === '')
          return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
        const body = readFileSync(join(built, 'dist', name), 'utf8');
        return route.fulfill({ contentType: 'text/javascript', body });
      });
      await page.goto(`${url}/app/`);
      const keys = {
        url,
        key: await createSellerKey(service.endpoints, 'browser_seller'),
        other: 'oa_test_none',
      };
      expect(await page.evaluate(`(${PROGRAM})(${JSON.stringify(keys)})`)).toEqual({
        parts: 4,
        read: 300,
        total_revenue: '30.00',
        refused: true,
      });
    } finally {
      await close();
    }
  }); // starts a browser
});

/** The README's examples as one program, and what it says that they print. */
function readmeProgram() {
  const examples = listExamples('client/README.md').filter(({ language }) => language === 'ts');
  const text = examples.map((one) => one.text).join('\n');
  const printed = text.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm); // some more than once
  return { text, prints: [...printed].flatMap(([, lines = '']) => lines.split(', ')) };
}

/** The types of the answers that `docs/api.md` shows whole, by heading and place. */
const TYPES: Readonly<Record<string, string>> = {
  'POST /api/orders/upload 2': 'UploadResult',
  'Trying it first 1': 'DryRunResult',
  'Messages that overtake each other 1': 'UploadResult',
  'GET /api/orders?user=test_seller&order_number=12345 1': 'FoundOrders & { user: string }',
  'DELETE /api/orders?user=test_seller&order_number=12345 1': 'DeletionResult',
  'GET /api/orders/digest?user=test_seller&from=2025-11-12&to=2025-11-13 1': 'Digest',
  'GET /api/uploads?user=test_seller 1': 'ReceiptsPage',
  'POST /api/uploads/019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f/undo 1': 'UndoResult',
  'GET /api/whoami 1': 'WhoAmI',
  'GET /api/orders/stats?user=test_seller 1': 'Stats',
  'GET /api/orders/stats/daily?user=test_seller&from=2025-11-11&to=2025-11-13 1': 'DailyStats',
};

/** A program that compiles only where those answers have just the fields of their types. */
function shownAnswers(): string {
  const placeOf = ({ heading, nth }: Example) => `${heading} ${nth}`;
  const shown = listExamples('docs/api.md').filter((one) => TYPES[placeOf(one)]);
  expect(shown.map(placeOf)).toEqual(Object.keys(TYPES));
  const lines = shown.map((one) => {
    const asText = one.text.trim().replace(/-?\d+\.\d{2}(?=[,}])/g, "'$&'");
    return `(${asText}) satisfies api.${TYPES[placeOf(one)]};`;
  });
  return `import type * as api from 'order-analytics-client';\n${lines.join('\n')}\n`;
}
