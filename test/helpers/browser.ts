import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * A headless Chromium. On Linux the one from npm, which needs nothing of the system;
 * npm has none for other systems and processors, where it is the Chrome that is installed.
 */
export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await launch();
  return { browser, close: () => browser.close() };
}

async function launch(): Promise<Browser> {
  if (platform() !== 'linux' || arch() !== 'x64') return chromium.launch({ channel: 'chrome' });
  const executablePath = await unpackChromium();
  return chromium.launch({
    executablePath,
    // Its sandbox needs user namespaces, which containers and CI machines often forbid.
    args: ['--no-sandbox'],
    // Without a locale that has them it takes letters other than ASCII for no name of a file.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}

const CACHE = join(import.meta.dirname, '../../node_modules/.cache');

/** Kept between runs. In a folder of its own until it is whole: several may unpack at once. */
async function unpackChromium(): Promise<string> {
  const kept = join(CACHE, `order-analytics-chromium-${packedVersion()}`);
  const program = join(kept, 'chromium');
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  const unpacked = mkdtempSync(join(CACHE, 'unpacking-chromium-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = unpacked;
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    const name = basename(await packed.executablePath());
    if (name !== basename(program)) throw new Error(`Chromium is called ${name} now.`);
    renameSync(unpacked, kept);
  } catch (error) {
    rmSync(unpacked, { recursive: true });
    if (!existsSync(program)) throw error; // another one's came first
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  return program;
}

function packedVersion(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  let folder = dirname(main);
  while (!existsSync(join(folder, 'bin'))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}
