import type { Listening } from '../../../local/aws/loopback.ts';
import { startDataApi } from '../../../local/data-api/server.ts';
import { startEventBus } from '../../../local/event-bus/server.ts';
import { startGateway } from '../../../local/gateway/gateway.ts';
import type { Invoke } from '../../../local/lambda/invocation.ts';
import { startInvokeApi } from '../../../local/lambda/invoke-api.ts';
import type { PostgresServer } from '../../../local/postgres/server.ts';
import { startSecretsManager } from '../../../local/secrets-manager/server.ts';
import { httpApi, route } from '../gateway/api.ts';

/** What starts every stand-in that listens for HTTP, each without work to do but the gateway. */
export const listeningStandIns = (invoke: Invoke) =>
  ({
    'the gateway': () => startGateway({ api: httpApi(route('ANY /{proxy+}')), invoke }),
    'the Data API': () =>
      startDataApi({
        region: 'us-east-1',
        clusters: [],
        secrets: [],
        postgres: {} as PostgresServer,
      }),
    'the event bus': () => startEventBus({ buses: [] }),
    'Secrets Manager': () => startSecretsManager({ secrets: [] }),
    "Lambda's Invoke": () => startInvokeApi({ functions: [], invoke }),
  }) satisfies Record<string, () => Promise<Listening>>;
