import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { targetOf } from '../bin/admin/local.ts';
import { type Opener, startOpener } from '../bin/admin/opener.ts';
import { systemClock } from './data-api/clock.ts';
import { startService } from './service.ts';
import { dataFolder, emptyDataFolder } from './start/data-folder.ts';
import { demoKey } from './start/demo-key.ts';
import { writeEndpoints } from './start/endpoints.ts';
import { examples } from './start/examples.ts';
import { lockDataFolder } from './start/lock.ts';
import { parseStartOptions, StartError, type StartOptions, USAGE } from './start/options.ts';
import { assertPortIsFree } from './start/ports.ts';
import { stopSignal } from './start/stop-signal.ts';

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
  console.error(error instanceof StartError ? error.message : error);
}

async function run(options: StartOptions, signal: AbortSignal): Promise<void> {
  const data = dataFolder(options.dataDir);
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

async function serve({ dataDir, port }: StartOptions, signal: AbortSignal): Promise<void> {
  const data = dataFolder(dataDir);
  mkdirSync(data.logs, { recursive: true });
  const functionLogFile = join(data.logs, 'functions.log');
  say(`Starting, with everything that is kept in ${data.folder}`);
  const service = await startService({
    dataDir,
    port,
    log: say,
    functionLog: (line) => appendFileSync(functionLogFile, `${line}\n`),
    clock: systemClock,
    signal,
  });
  let opener: Opener | undefined;
  try {
    const sellerKey = await demoKey(data.demoKey, service.endpoints);
    const endpoints = { ...service.endpoints, sellerKey };
    opener = await startOpener(targetOf(endpoints, dataDir), {
      log: say,
      onLink: (admin) => {
        writeEndpoints(data.endpoints, { ...endpoints, admin });
        say(`The admin for another browser: ${admin}`);
      },
    });
    writeEndpoints(data.endpoints, { ...endpoints, admin: opener.link });
    say(`Ready on ${endpoints.api}; Ctrl-C stops it`);
    say(`The admin, by a link that works once: ${opener.link}`);
    say(`Addresses for programs: ${data.endpoints}`);
    say(`What the functions log: ${functionLogFile}`);
    console.log(`\n${examples(endpoints)}`);
    await aborted(signal);
    say('Stopping');
  } finally {
    rmSync(data.endpoints, { force: true });
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
