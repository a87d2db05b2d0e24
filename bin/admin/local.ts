import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdminError, type Local } from './options.ts';
import type { Target } from './target.ts';

/** What is used of the file that a running `npm start` writes. */
interface Endpoints {
  readonly api: string;
  readonly dataApi: { readonly region: string };
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly pid: number;
}

/**
 * The admin of the `npm start` that runs on a data folder.
 *
 * @throws {AdminError} when none runs there
 */
export function findLocalAdmin({ dataDir }: Local): Target {
  const endpoints = runningEndpoints(join(dataDir, 'endpoints.json'));
  if (!endpoints) {
    throw new AdminError(
      `No npm start runs on ${dataDir}: start one, or name its folder with --data, or a deployed stage with --stage.`,
    );
  }
  return targetOf(endpoints, dataDir);
}

/** The admin of a running `npm start` by its endpoints. */
export function targetOf({ api, dataApi, credentials }: Endpoints, dataDir: string): Target {
  return {
    origin: api,
    region: dataApi.region,
    credentials,
    title: `the npm start on ${dataDir}`,
  };
}

/** A service that was killed leaves its file behind. */
function runningEndpoints(path: string): Endpoints | undefined {
  try {
    const endpoints = JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
    process.kill(endpoints.pid, 0); // throws when there is no such process
    return endpoints;
  } catch {
    return undefined;
  }
}
