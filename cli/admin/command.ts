import { resolve } from 'node:path';
import type { Command } from '../run-command.ts';
import { aborted } from '../stop-signal.ts';
import { findTarget } from '../target/choice.ts';
import { ADMIN_LINE, type AdminArguments, readAdminArguments } from './arguments.ts';
import { browserHint, openBrowser } from './browser.ts';
import { runExport } from './export/command.ts';
import { openingPlace, writeOpeningPage } from './opening-page.ts';
import { startAdminProxy } from './proxy.ts';

/** The admin in a browser, until it is told to stop; or what it lists, as a file. */
export const adminCommand: Command<AdminArguments> = {
  line: ADMIN_LINE,
  read: readAdminArguments,
  run,
};

async function run({ of, open, exported }: AdminArguments, signal: AbortSignal): Promise<void> {
  const target = await findTarget(of);
  if (signal.aborted) return;
  if (exported) return runExport(target, exported, signal);
  await using running = new AsyncDisposableStack();
  const proxy = running.use(
    await startAdminProxy(target, {
      log: console.error,
      onCode: (code) => console.log(`Code for another browser: ${code}`),
    }),
  );
  console.log(`The admin of ${target.title}, until Ctrl-C; the code works once:
${proxy.address}
Code: ${proxy.code}`);
  const hint = browserHint();
  if (hint) console.log(hint);
  if (open) {
    const page = openingPlace('stage' in of ? resolve('.local') : of.dataDir);
    running.defer(() => page.remove());
    writeOpeningPage(page.path, proxy);
    openBrowser(page.path).then((isOpen) => {
      if (!isOpen && !signal.aborted) console.log(noBrowser(proxy.port));
    });
  }
  await aborted(signal);
}

function noBrowser(port: number): string {
  return `No browser could be opened: open the address in one and give it the code (from another machine after ssh -L ${port}:127.0.0.1:${port} HOST).`;
}
