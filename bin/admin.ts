import { openBrowser } from './admin/browser.ts';
import { findDeployedAdmin } from './admin/deployed.ts';
import { findLocalAdmin } from './admin/local.ts';
import { startOpener } from './admin/opener.ts';
import { AdminError, type AdminOptions, parseAdminOptions, USAGE } from './admin/options.ts';

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
  console.error(error instanceof AdminError ? error.message : error);
}

async function run({ of, open }: AdminOptions, signal: AbortSignal): Promise<void> {
  const target = 'stage' in of ? await findDeployedAdmin(of) : findLocalAdmin(of);
  if (signal.aborted) return;
  const opener = await startOpener(target, {
    log: console.error,
    onLink: (link) => console.log(`For another browser: ${link}`),
  });
  console.log(`The admin of ${target.title}, until Ctrl-C; this link works once:\n${opener.link}`);
  if (open) {
    openBrowser(opener.link).then((isOpen) => {
      if (!isOpen && !signal.aborted)
        console.log('No browser could be opened: open the link in one.');
    });
  }
  await aborted(signal);
  await opener.close();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
