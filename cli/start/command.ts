import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedPostgres } from '../../local/postgres/binaries.ts';
import { type DataFolder, dataFolder, emptyDataFolder } from '../../local/service/data-folder.ts';
import {
  type Endpoints,
  readRunningEndpoints,
  type ServiceEndpoints,
  writeEndpoints,
} from '../../local/service/endpoints.ts';
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
import { UsageError } from '../usage-error.ts';
import { readStartArguments, START_LINE, type StartArguments } from './arguments.ts';
import { demoKey } from './demo-key.ts';
import { examples } from './examples.ts';
import { logFile } from './log-file.ts';
import { ready } from './ready.ts';
import { timedLines } from './timed-lines.ts';

/** The whole service on this machine, until it is told to stop. */
export const startCommand: Command<StartArguments> = {
  line: START_LINE,
  read: readStartArguments,
  run,
};

async function run(given: StartArguments, signal: AbortSignal): Promise<void> {
  const data = dataFolder(given.dataDir);
  if (given.examples) return console.log(examples(runningOn(data)));
  const say = timedLines(console.log);
  installedPostgres(); // or it would be missed only when the app is synthesized
  const lock = lockDataFolder(data);
  try {
    rmSync(data.endpoints, { force: true }); // of a start that was killed
    await assertPortIsFree(given.port);
    if (given.reset) await emptyDataFolder(data, say);
    lock.sign();
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
  const report = demo ? `\n${await filled(data, service.endpoints, say, signal)}` : '';
  const proxy = running.use(
    await startAdminProxy(targetOf(endpoints, dataDir), {
      log: say,
      onCode: () => writeOpeningPage(data.admin, proxy),
    }),
  );
  running.defer(() => {
    for (const path of [data.endpoints, data.admin]) rmSync(path, { force: true });
  });
  signal.throwIfAborted();
  writeOpeningPage(data.admin, proxy);
  const admin = pathToFileURL(data.admin).href;
  writeEndpoints(data.endpoints, { ...endpoints, admin });
  say(`Ready on ${endpoints.api}; Ctrl-C stops it`);
  console.log(`${ready({ api: endpoints.api, admin, data })}${report}`);
  await aborted(signal);
  say('Stopping');
}

/** The figures of the demo, of which all is there by then. */
async function filled(
  data: DataFolder,
  endpoints: ServiceEndpoints,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const demo = await demoShops(data.demo, endpoints, say, signal);
  return demoReport(endpoints.api, demo);
}

/** @throws {UsageError} when no service runs on it */
function runningOn(data: DataFolder): Pick<Endpoints, 'api' | 'sellerKey'> {
  const found = readRunningEndpoints(data);
  if (found && 'sellerKey' in found && typeof found.sellerKey === 'string') {
    return { api: found.api, sellerKey: found.sellerKey };
  }
  throw new UsageError(
    `No npm start runs on ${data.folder}: start one, and ask for its examples in another terminal.`,
  );
}
