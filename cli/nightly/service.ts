import type { LocalApp, LocalFunction } from '../../local/cloud-assembly/model.ts';
import { readCloudAssembly } from '../../local/cloud-assembly/read.ts';
import { invokeOver } from '../../local/lambda/invoke-client.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { readRunningEndpoints } from '../../local/service/endpoints.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { startService } from '../../local/service/service.ts';
import type { Computed } from './backfill.ts';

/** The nightly function, ready to be invoked. */
export interface NightlyFunction {
  invoke(event: unknown): Promise<Computed>;
  stop(): Promise<void>;
}

/**
 * The nightly function behind the stand-ins of the `npm start` that runs on a data folder; else on a
 * service that is started for it and stopped by `stop`.
 *
 * @throws {MachineError} when another process has the folder and is not ready
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
    const { name } = nightlyFunction(readCloudAssembly(data.assembly));
    return {
      invoke: (event) => invokeOver(running.lambda, name, event),
      stop: async () => {},
    };
  }
  say(`Starting what it needs on ${dataDir}`);
  const lock = lockDataFolder(data);
  try {
    const service = await startService({ dataDir, log: () => {}, signal });
    const fn = nightlyFunction(service.app);
    return {
      invoke: (event) => service.invoke(fn, event),
      stop: async () => {
        await service.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The function that the schedule of the templates starts. */
function nightlyFunction({ schedules }: LocalApp): LocalFunction {
  const [schedule] = schedules;
  if (!schedule) throw new Error('The CDK app has no schedule.');
  return schedule.target;
}
