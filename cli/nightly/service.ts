import type { LocalApp, LocalFunction } from '../../local/cloud-assembly/model.ts';
import { readCloudAssembly } from '../../local/cloud-assembly/read.ts';
import { invokeOver } from '../../local/lambda/invoke-client.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { readRunningEndpoints } from '../../local/service/endpoints.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { startService } from '../../local/service/service.ts';
import { errorCode, toError } from '../caught.ts';
import { ServiceError } from '../service-error.ts';
import type { Computed } from './backfill.ts';

/** The nightly function, ready to be invoked until it is disposed of. */
export interface NightlyFunction extends AsyncDisposable {
  /** What it answers; of a running `npm start`, unless the signal aborts first. */
  invoke(event: unknown): Promise<Computed>;
}

/**
 * The nightly function behind the stand-ins of the `npm start` that runs on a data folder;
 * else on a service that is started for it and stopped with it.
 *
 * @throws {MachineError} when another process has the folder and is not ready
 * @throws {ServiceError} when what the running one was started from is gone
 */
export async function findNightlyFunction(
  dataDir: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<NightlyFunction> {
  const data = dataFolder(dataDir);
  const running = readRunningEndpoints(data);
  if (running) {
    say(`Using the npm start that runs on ${dataDir} (process ${running.pid})`);
    const { name } = nightlyFunction(runningApp(data.assembly, dataDir));
    return {
      invoke: (event) =>
        invokeOver(running.lambda, name, event, signal).catch((cause) => {
          const why = errorCode(cause);
          const what =
            why === undefined ? `answers ${toError(cause).message}` : `is gone (${why}).`;
          throw new ServiceError(`The npm start on ${dataDir} ${what}`, { cause });
        }),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  say(`Starting what it needs on ${dataDir}`);
  await using starting = new AsyncDisposableStack();
  const lock = lockDataFolder(data);
  starting.defer(() => lock.release());
  const service = starting.use(await startService({ dataDir, log: () => {}, signal }));
  const fn = nightlyFunction(service.app);
  const started = starting.move();
  return {
    invoke: (event) => service.invoke(fn, event),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** What the running service was started from, which somebody may have deleted since. */
function runningApp(assembly: string, dataDir: string): LocalApp {
  try {
    return readCloudAssembly(assembly);
  } catch (cause) {
    throw new ServiceError(
      `${assembly} is not as the npm start on ${dataDir} made it: end that, and start it again.`,
      { cause },
    );
  }
}

/** The function that the schedule of the templates starts. */
function nightlyFunction({ schedules }: LocalApp): LocalFunction {
  const [schedule] = schedules;
  if (!schedule) throw new Error('The CDK app has no schedule.');
  return schedule.target;
}
