import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSellerKey } from '../cli/keys/seller-key.ts';
import { table } from '../cli/markdown-table.ts';
import { localIamArn } from '../local/aws/account.ts';
import { lambdaEnvironment } from '../local/lambda/runtime-process.ts';
import { type Service, startService } from '../local/service/service.ts';
import type { ColdStart } from './cold-start-child.ts';
import { median, quantile } from './measure.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';

const ROUNDS = 11;
const CHILD = join(import.meta.dirname, 'cold-start-child.ts');
const SELLER = 'test_seller';

/** A function as it is started: its bundle, its variables, and what it is asked first. */
interface Started {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly event: unknown;
}

/**
 * What a function takes from a fresh process to its first answer, which has come from the database
 * where it asks that: importing its bundle, then the event. Each beside a handler that does
 * nothing, by turns. Lambda's own start, of a machine and of Node, is not in it.
 */
export async function bench({ folder, print, use }: Bench): Promise<Report> {
  const service = use(await startService({ dataDir: join(folder, 'data') }));
  const functions = [bareFunction(folder), ...(await functionsOf(service))];
  const samples = new Map(functions.map(({ name }) => [name, [] as ColdStart[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const fn of functions) samples.get(fn.name)?.push(await start(fn));
  }
  const figures = functions.map(({ name, file }) => {
    const starts = samples.get(name) ?? [];
    const imports = starts.map(({ importMs }) => importMs);
    const answers = starts.flatMap(({ answerMs }) => answerMs ?? []);
    return {
      name,
      KB: Math.round(statSync(file).size / 1_000),
      p50: median(imports),
      p95: quantile(imports, 0.95),
      'first answer p50': answers.length > 0 ? median(answers) : Number.NaN,
    };
  });
  print(table(figures.map(({ p50, p95, ...row }) => ({ ...row, 'import p50': p50, p95 }))));
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: {},
    unit: 'ms',
    figures,
  };
}

/** In a process of its own. @throws when it does not answer as meant */
async function start({ name, file, environment, event }: Started): Promise<ColdStart> {
  const args = event === undefined ? [file] : [file, JSON.stringify(event)];
  const child = fork(CHILD, args, {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [found] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended: ${code}`))),
  ])) as [ColdStart];
  if (typeof found.statusCode === 'number' && found.statusCode >= 300) {
    throw new Error(`${name} answers ${found.statusCode}.`);
  }
  return found;
}

function bareFunction(folder: string): Started {
  const codeDir = join(folder, 'bare');
  mkdirSync(codeDir);
  const file = join(codeDir, 'index.cjs');
  writeFileSync(file, 'exports.handler = async () => ({ statusCode: 200 });\n');
  return { name: '(a bare handler)', file, environment: {}, event: {} };
}

async function functionsOf({ app, endpoints, dataApi, eventBus, secretsManager }: Service) {
  const key = await createSellerKey(endpoints, SELLER);
  const extra = {
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBus.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
  };
  const events = eventsOf(key);
  return app.functions.flatMap((fn): Started[] => {
    const name = fn.environment.POWERTOOLS_SERVICE_NAME;
    if (!name) return []; // the CDK's own
    const file = join(fn.codeDir, 'index.cjs');
    const environment = { ...lambdaEnvironment(fn), ...fn.environment, ...extra };
    return [{ name, file, environment, event: events[name] }];
  });
}

/** The first event of each function; those that only a deploy or a rotation calls get none. */
function eventsOf(key: string): Readonly<Record<string, unknown>> {
  const user = `user=${SELLER}`;
  const order = { order_number: 'cold', created_at: '2025-11-12T10:00:00Z', total_amount: 1 };
  const orders = [{ ...order, status: 'new', items: [] }];
  return {
    authorize: {
      version: '2.0',
      type: 'REQUEST',
      routeKey: 'GET /api/orders/stats',
      identitySource: [`Bearer ${key}`],
      headers: { authorization: `Bearer ${key}` },
      requestContext: { requestId: 'bench' },
    },
    upload: request('POST /api/orders/upload', '', JSON.stringify({ user: SELLER, orders })),
    amend: request('DELETE /api/orders', `${user}&order_number=none`),
    orders: request('GET /api/orders', user),
    stats: request('GET /api/orders/stats', user),
    openapi: request('GET /api/openapi.json'),
    admin: request('GET /admin'),
    keys: request('GET /admin/api/keys', user),
    sellers: request('GET /admin/api/sellers', user),
    nightly: { from: '2025-11-12', to: '2025-11-13' },
  };
}

function request(routeKey: string, rawQueryString = '', body?: string) {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    headers: { 'content-type': 'application/json' },
    body,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'bench',
      routeKey,
      domainName: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      authorizer: {
        lambda: { seller: SELLER, key_id: 'bench', scopes: 'orders:write orders:read stats:read' },
        iam: { userArn: localIamArn('user/bench') },
      },
    },
  };
}
