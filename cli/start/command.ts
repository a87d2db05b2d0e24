import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedPostgres } from '../../local/postgres/binaries.ts';
import { dataFolder, emptyDataFolder } from '../../local/service/data-folder.ts';
import { writeEndpoints } from '../../local/service/endpoints.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { makePrivateFile, makePrivateFolder } from '../../local/service/private-file.ts';
import { startService } from '../../local/service/service.ts';
import { writeOpeningPage } from '../admin/opening-page.ts';
import { startAdminProxy } from '../admin/proxy.ts';
import { demoShops } from '../demo/demo.ts';
import { demoReport } from '../demo/report.ts';
import { assertPortIsFree } from '../ports.ts';
import type { Command } from '../run-command.ts';
import { aborted } from '../stop-signal.ts';
import { targetOf } from '../target/local.ts';
import { readStartArguments, START_LINE, type StartArguments } from './arguments.ts';
import { demoKey } from './demo-key.ts';
import { examples } from './examples.ts';
import { logFile } from './log-file.ts';

/** The whole service on this machine, until it is told to stop. */
export const startCommand: Command<StartArguments> = {
  line: START_LINE,
  read: readStartArguments,
  run,
};

async function run(given: StartArguments, signal: AbortSignal): Promise<void> {
  const say = timedLines();
  const data = dataFolder(given.dataDir);
  installedPostgres(); // or it would be missed only when the app is synthesized
  const lock = lockDataFolder(data);
  try {
    rmSync(data.endpoints, { force: true }); // of a start that was killed
    await assertPortIsFree(given.port);
    if (given.reset) await emptyDataFolder(data, say);
    await serve(given, say, signal);
    say('Stopped');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    lock.release();
  }
}

async function serve(
  { dataDir, port, demo, textBodies }: StartArguments,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const data = dataFolder(dataDir);
  makePrivateFolder(data.logs);
  const functionLogFile = join(data.logs, 'functions.log');
  makePrivateFile(functionLogFile);
  say(`Starting, with everything that is kept in ${data.folder}`);
  await using running = new AsyncDisposableStack();
  const service = running.use(
    await startService({
      dataDir,
      port,
      textBodies,
      log: say,
      functionLog: logFile(functionLogFile, say),
      scheduled: true,
      signal,
    }),
  );
  const sellerKey = await demoKey(data.demoKey, service.endpoints);
  const endpoints = { ...service.endpoints, sellerKey };
  const shops = demo ? await demoShops(data.demo, service.endpoints, say) : [];
  const report = demo ? `\n${await demoReport(endpoints.api, shops)}` : '';
  const proxy = running.use(
    await startAdminProxy(targetOf(endpoints, dataDir), {
      log: say,
      onCode: () => writeOpeningPage(data.admin, proxy),
    }),
  );
  running.defer(() => {
    for (const path of [data.endpoints, data.admin]) rmSync(path, { force: true });
  });
  writeOpeningPage(data.admin, proxy);
  const admin = pathToFileURL(data.admin).href;
  writeEndpoints(data.endpoints, { ...endpoints, admin });
  say(`Ready on ${endpoints.api}; Ctrl-C stops it`);
  say(`The admin, in the browser that this is opened in: ${admin} (or: npm run admin)`);
  say(`Addresses for programs: ${data.endpoints}`);
  say(`What the functions log: ${functionLogFile}`);
  console.log(`\n${examples(endpoints)}${report}`);
  await aborted(signal);
  say('Stopping');
}

/** Prints lines with the seconds since it was made. */
function timedLines(): (line: string) => void {
  const startedAt = performance.now();
  return (line) => {
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  };
}
