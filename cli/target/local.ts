import { dataFolder } from '../../local/service/data-folder.ts';
import { readRunningEndpoints, type ServiceEndpoints } from '../../local/service/endpoints.ts';
import { pastedChoice } from '../pasted-command.ts';
import { UsageError } from '../usage-error.ts';
import type { LocalFolder, Target } from './target.ts';

/**
 * The admin of the `npm start` that runs on a data folder.
 *
 * @throws {UsageError} when none runs there
 */
export function findLocalAdmin({ dataDir }: LocalFolder): Target {
  const endpoints = readRunningEndpoints(dataFolder(dataDir));
  if (!endpoints) {
    throw new UsageError(
      `No npm start runs on ${dataDir}: start one, or name its folder with --data, or a deployed stage with --stage.`,
    );
  }
  return targetOf(endpoints, dataDir);
}

/** The admin of a running `npm start` by its endpoints. */
export function targetOf(
  { api, dataApi, credentials }: Pick<ServiceEndpoints, 'api' | 'dataApi' | 'credentials'>,
  dataDir: string,
): Target {
  return {
    origin: api,
    region: dataApi.region,
    credentials,
    title: `the npm start on ${dataDir}`,
    chosenBy: pastedChoice({ dataDir }),
  };
}
