import { resolve } from 'node:path';
import type { Command } from '../run-command.ts';
import { aborted } from '../stop-signal.ts';
import { findTarget } from '../target/choice.ts';
import type { Target } from '../target/target.ts';
import { ADMIN_LINE, type AdminArguments, readAdminArguments } from './arguments.ts';
import { browserHint, openBrowser } from './browser.ts';
import { runExport } from './export/command.ts';
import { openingPlace, writeOpeningPage } from './opening-page.ts';
import { type AdminProxy, startAdminProxy } from './proxy.ts';
import { startOnUsualPort } from './usual-port.ts';

/** The admin in a browser, until it is told to stop; or what it lists, as a file. */
export const adminCommand: Command<AdminArguments> = {
  line: ADMIN_LINE,
  read: readAdminArguments,
  run,
};

async function run(given: AdminArguments, signal: AbortSignal): Promise<void> {
  const { of, open, exported } = given;
  const target = await findTarget(of, signal);
  if (exported) return runExport(target, exported, of, signal);
  if (signal.aborted) return;
  await using running = new AsyncDisposableStack();
  const proxy = running.use(await startProxy(target, given.port));
  const address = new URL(given.page, proxy.address).href;
  console.log(`The admin of ${target.title}, until Ctrl-C; the code works once:
${address}
Code: ${proxy.code}`);
  const hint = browserHint();
  if (hint) console.log(hint);
  if (open) {
    const place = openingPlace('stage' in of ? resolve('.local') : of.dataDir);
    running.defer(() => place.remove());
    writeOpeningPage(place.path, { address, code: proxy.code });
    openBrowser(place.path).then((isOpen) => {
      if (!isOpen && !signal.aborted) console.log(noBrowser(proxy.port));
    });
  }
  await aborted(signal);
}

function startProxy(target: Target, port: number | undefined): Promise<AdminProxy> {
  const options = {
    log: console.error,
    say: console.log,
    onCode: (code: string) => console.log(`Code for another browser: ${code}`),
  };
  return port === undefined
    ? startOnUsualPort(target, options)
    : startAdminProxy(target, { ...options, port });
}

function noBrowser(port: number): string {
  return `No browser could be opened: open the address in one and give it the code (from another machine after ssh -L ${port}:127.0.0.1:${port} HOST).`;
}
