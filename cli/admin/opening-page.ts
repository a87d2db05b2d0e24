import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { html, raw } from 'hono/html';
import { writePrivately } from '../../local/service/private-file.ts';
import type { AdminProxy } from './proxy.ts';

/**
 * Writes a page that gives the code when it is opened in a browser. By a file, because everybody on
 * this machine sees with which arguments a browser is started, and nobody else can read this one.
 */
export function writeOpeningPage(path: string, proxy: Pick<AdminProxy, 'address' | 'code'>): void {
  writePrivately(path, openingPage(proxy));
}

/**
 * A place for such a page, in a folder that only this account may enter.
 *
 * @param near where to make the folder; browsers out of a snap see no files in `/tmp`,
 *   and those of the home folder where they are not below a hidden one
 */
export function openingPlace(near: string): { readonly path: string; remove(): void } {
  const folder = privateFolder(near);
  return {
    path: join(folder, 'open-the-admin.html'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function privateFolder(near: string): string {
  try {
    mkdirSync(near, { recursive: true });
    return mkdtempSync(join(near, 'admin-'));
  } catch {
    // Nothing may be written there.
    return mkdtempSync(join(tmpdir(), 'order-analytics-admin-'));
  }
}

function openingPage({ address, code }: Pick<AdminProxy, 'address' | 'code'>): string {
  return String(html`${raw('<!doctype html>')}
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Opening the admin</title>
  </head>
  <body>
    <main>
      <h1>Opening the admin</h1>
      <form method="post" action="${address}">
        <input type="hidden" name="code" value="${code}">
        <p><button>Open the admin</button></p>
      </form>
    </main>
    <script>document.forms[0].submit()</script>
  </body>
</html>
`);
}
