import type { LocalApp, LocalCluster, LocalHttpApi } from '../cloud-assembly/model.ts';
import { readCloudAssembly } from '../cloud-assembly/read.ts';
import { synthesize } from './synthesize.ts';

/** What a cloud assembly describes, with the database and the API that a service is about. */
export interface ServiceApp extends LocalApp {
  readonly cluster: LocalCluster;
  readonly httpApi: LocalHttpApi;
}

/**
 * The app in `assembly`; without that, the one of the sources, synthesized into `directory`.
 *
 * @throws when there is no database or no HTTP API in it
 */
export async function readApp(
  assembly: string | undefined,
  directory: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<ServiceApp> {
  if (!assembly) await synthesize(directory, signal, log);
  const app = readCloudAssembly(assembly ?? directory);
  const [cluster] = app.clusters;
  const [httpApi] = app.httpApis;
  if (!cluster || !httpApi) throw new Error('The CDK app has no database or no HTTP API.');
  return { ...app, cluster, httpApi };
}
