import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import {
  type DataApiOptions,
  type DataApiServer,
  startDataApi,
} from '../../local/data-api/server.ts';
import { awsEnvironment } from './global-setup.ts';

interface OwnDataApi {
  readonly dataApi: DataApiServer;
  /** The variables with which the AWS SDK finds it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The same for all tests of a file; each begins without faults. */
export function useOwnDataApi(): OwnDataApi {
  const own = {} as { -readonly [Name in keyof OwnDataApi]: OwnDataApi[Name] };
  beforeAll(async () => {
    Object.assign(own, await startOwnDataApi());
  });
  afterEach(() => own.dataApi.faults.clear());
  afterAll(() => own.dataApi[Symbol.asyncDispose]());
  return own;
}

/**
 * A Data API of a test file's own in front of the tests' PostgreSQL,
 * for faults that hit nobody else.
 */
export async function startOwnDataApi(
  options: Pick<DataApiOptions, 'clock'> = {},
): Promise<OwnDataApi> {
  const cloud = inject('cloud');
  const { hostname, port } = new URL(cloud.postgresUrl);
  const dataApi = await startDataApi({
    postgres: { host: hostname, port: Number(port) },
    region: cloud.region,
    clusters: [cloud],
    secrets: cloud.secrets,
    ...options,
  });
  const environment = awsEnvironment({ ...cloud, dataApiEndpoint: dataApi.endpoint });
  return { dataApi, environment };
}
