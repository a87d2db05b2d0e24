import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { html } from '../../functions/shared/pages/html.ts';
import { writePrivately } from '../../local/service/private-file.ts';
import { framed } from './page.ts';
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
  const form = html`<form method="post" action="${address}">
<input type="hidden" name="code" value="${code}">
<p class="actions"><button class="primary">Open the admin</button></p>
</form>
<script>document.forms[0].submit()</script>`;
  const inHead = html`<meta name="referrer" content="no-referrer">`;
  return String(framed('Opening the admin', form, inHead));
}
