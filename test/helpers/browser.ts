import { mkdtempSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
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
  if (platform() !== 'linux' || arch() !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome' });
    return { browser, close: () => browser.close() };
  }
  const { executablePath, remove } = await unpackChromium();
  try {
    // Its sandbox needs user namespaces, which containers and CI machines often forbid.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return {
      browser,
      close: async () => {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Into a folder of its own: where two unpack into the same one, one of them starts half a browser.
 */
async function unpackChromium() {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-chromium-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    const executablePath = await packed.executablePath();
    return { executablePath, remove: () => rmSync(folder, { recursive: true }) };
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
