import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeOpeningPage } from '../cli/admin/opening-page.ts';
import { type Opener, startOpener } from '../cli/admin/proxy.ts';
import { forPeople } from '../cli/for-people.ts';
import { assertPortIsFree } from '../cli/ports.ts';
import { demoKey } from '../cli/start/demo-key.ts';
import { examples } from '../cli/start/examples.ts';
import { logFile } from '../cli/start/log-file.ts';
import { parseStartOptions, type StartOptions, USAGE } from '../cli/start/options.ts';
import { stopSignal } from '../cli/stop-signal.ts';
import { targetOf } from '../cli/target/local.ts';
import { systemClock } from '../local/aws/clock.ts';
import { installedPostgres } from '../local/postgres/binaries.ts';
import { dataFolder, emptyDataFolder } from '../local/service/data-folder.ts';
import { writeEndpoints } from '../local/service/endpoints.ts';
import { lockDataFolder } from '../local/service/folder-lock.ts';
import { makePrivateFile, makePrivateFolder } from '../local/service/private-file.ts';
import { startService } from '../local/service/service.ts';

// `npm start`: the whole service on this machine, until it is told to stop.

const startedAt = performance.now();
const say = (line: string) => {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
};

try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await run(options, stopSignal());
} catch (error) {
  process.exitCode = 1;
  console.error(forPeople(error));
}

async function run(options: StartOptions, signal: AbortSignal): Promise<void> {
  const data = dataFolder(options.dataDir);
  installedPostgres(); // or it would be missed only when the app is synthesized
  const lock = lockDataFolder(data);
  try {
    rmSync(data.endpoints, { force: true }); // of a start that was killed
    await assertPortIsFree(options.port);
    if (options.reset) await emptyDataFolder(data, say);
    await serve(options, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    lock.release();
  }
}

async function serve(
  { dataDir, port, textBodies }: StartOptions,
  signal: AbortSignal,
): Promise<void> {
  const data = dataFolder(dataDir);
  makePrivateFolder(data.logs);
  const functionLogFile = join(data.logs, 'functions.log');
  makePrivateFile(functionLogFile);
  say(`Starting, with everything that is kept in ${data.folder}`);
  const service = await startService({
    dataDir,
    port,
    textBodies,
    log: say,
    functionLog: logFile(functionLogFile, say),
    clock: systemClock,
    signal,
  });
  let opener: Opener | undefined;
  try {
    const sellerKey = await demoKey(data.demoKey, service.endpoints);
    const endpoints = { ...service.endpoints, sellerKey };
    const running = await startOpener(targetOf(endpoints, dataDir), {
      log: say,
      onCode: () => writeOpeningPage(data.admin, running),
    });
    opener = running;
    writeOpeningPage(data.admin, opener);
    const admin = pathToFileURL(data.admin).href;
    writeEndpoints(data.endpoints, { ...endpoints, admin });
    say(`Ready on ${endpoints.api}; Ctrl-C stops it`);
    say(`The admin, in the browser that this is opened in: ${admin} (or: npm run admin)`);
    say(`Addresses for programs: ${data.endpoints}`);
    say(`What the functions log: ${functionLogFile}`);
    console.log(`\n${examples(endpoints)}`);
    await aborted(signal);
    say('Stopping');
  } finally {
    for (const path of [data.endpoints, data.admin]) rmSync(path, { force: true });
    await opener?.close();
    await service.stop();
  }
  say('Stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
