import { resolve } from 'node:path';
import { browserHint, openBrowser } from '../cli/admin/browser.ts';
import { openingPlace, writeOpeningPage } from '../cli/admin/opening-page.ts';
import { type AdminOptions, parseAdminOptions, USAGE } from '../cli/admin/options.ts';
import { startOpener } from '../cli/admin/proxy.ts';
import { forPeople } from '../cli/for-people.ts';
import { findDeployedAdmin } from '../cli/target/deployed.ts';
import { findLocalAdmin } from '../cli/target/local.ts';

// `npm run admin`: the admin in a browser, until it is told to stop.

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => controller.abort());
}

try {
  const options = parseAdminOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await run(options, controller.signal);
} catch (error) {
  process.exitCode = 1;
  console.error(forPeople(error));
}

async function run({ of, open }: AdminOptions, signal: AbortSignal): Promise<void> {
  const target = 'stage' in of ? await findDeployedAdmin(of) : findLocalAdmin(of);
  if (signal.aborted) return;
  await using running = new AsyncDisposableStack();
  const opener = await startOpener(target, {
    log: console.error,
    onCode: (code) => console.log(`Code for another browser: ${code}`),
  });
  running.defer(() => opener.close());
  console.log(`The admin of ${target.title}, until Ctrl-C; the code works once:
${opener.address}
Code: ${opener.code}`);
  const hint = browserHint();
  if (hint) console.log(hint);
  if (open) {
    const page = openingPlace('stage' in of ? resolve('.local') : of.dataDir);
    running.defer(() => page.remove());
    writeOpeningPage(page.path, opener);
    openBrowser(page.path).then((isOpen) => {
      if (!isOpen && !signal.aborted) console.log(noBrowser(opener.port));
    });
  }
  await aborted(signal);
}

function noBrowser(port: number): string {
  return `No browser could be opened: open the address in one and give it the code (from another machine after ssh -L ${port}:127.0.0.1:${port} HOST).`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
