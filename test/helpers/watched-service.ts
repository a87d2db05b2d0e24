import { setImmediate as turn } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { keyHeader } from '../../cli/keys/seller-key.ts';
import { systemClock } from '../../local/aws/clock.ts';
import type { LocalFunction } from '../../local/cloud-assembly/model.ts';
import type { SentAnswer } from '../../local/gateway/gateway.ts';
import { type Invocation, isThrottled } from '../../local/lambda/invocation.ts';
import type { ServiceOptions } from '../../local/service/options.ts';
import type { Service } from '../../local/service/service.ts';
import { type DataPoint, emittedPoints } from './alarms.ts';
import { apiResources } from './api-template.ts';
import { order } from './orders.ts';
import { startTestService } from './service.ts';

/** A service and what CloudWatch would get of it. */
export interface WatchedService extends AsyncDisposable {
  readonly service: Service;
  readonly secrets: SecretsManager;
  /** Every line that a function has logged. */
  readonly lines: readonly string[];
  /** What CloudWatch gets while something happens: what functions say, and what AWS measures. */
  pointsOf(work: () => Promise<unknown>): Promise<DataPoint[]>;
  /** The same while the secret of a function holds no login, as after a mistake by hand. */
  withoutLogin(name: string, work: () => Promise<unknown>): Promise<DataPoint[]>;
  /** Sends it with a key of `test_seller`, and answers with the status. */
  upload(given?: Upload): Promise<number>;
  /** Invokes a function by the name that it logs under. */
  invoke(name: string, event: unknown): Promise<Invocation>;
  secretOf(name: string): string;
}

export interface Upload {
  readonly user?: string;
  readonly orders?: readonly unknown[];
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const API_ID = idOf('AWS::ApiGatewayV2::Api');

export async function startWatchedService(
  options: Partial<ServiceOptions> = {},
): Promise<WatchedService> {
  const { clock = systemClock } = options;
  const lines: string[] = [];
  const measured: DataPoint[] = [];
  const measure = (namespace: string, dimensions: object, figures: Record<string, number>) => {
    for (const [name, value] of Object.entries(figures)) {
      measured.push({ namespace, name, dimensions: { ...dimensions }, at: clock.now(), value });
    }
  };
  const service = await startTestService({
    functionLog: (line) => lines.push(line),
    onAnswer: (answer) => measure('AWS/ApiGateway', { ApiId: { Ref: API_ID } }, ofAnswer(answer)),
    onInvocation: ({ logicalId }, invocation) =>
      measure('AWS/Lambda', { FunctionName: { Ref: logicalId } }, ofInvocation(invocation)),
    ...options,
  });
  const { secretsManager: endpoint, dataApi, credentials } = service.endpoints;
  const secrets = new SecretsManager({ endpoint, region: dataApi.region, credentials });
  const headers = await keyHeader(service.endpoints, 'test_seller');

  /** As SQS does every minute. */
  function measureQueues(): void {
    for (const { logicalId, arn } of service.app.queues) {
      const dimensions = { QueueName: { 'Fn::GetAtt': [logicalId, 'QueueName'] } };
      const { length } = service.queues.waiting(arn);
      measure('AWS/SQS', dimensions, { ApproximateNumberOfMessagesVisible: length });
    }
  }

  const functionOf = (name: string) => functionNamed(service.app.functions, name);
  const secretOf = (name: string) => functionOf(name).environment.DATABASE_SECRET_ARN ?? '';

  async function pointsOf(work: () => Promise<unknown>): Promise<DataPoint[]> {
    const [linesBefore, measuredBefore] = [lines.length, measured.length];
    await work();
    // Functions write lines before they answer, but here answers may be read before lines: what is
    // in a pipe is read in a whole turn.
    await turn();
    await turn();
    measureQueues();
    return [...emittedPoints(lines.slice(linesBefore)), ...measured.slice(measuredBefore)];
  }

  return {
    service,
    secrets,
    lines,
    pointsOf,
    secretOf,
    async withoutLogin(name, work) {
      const SecretId = secretOf(name);
      const { SecretString } = await secrets.getSecretValue({ SecretId });
      await secrets.putSecretValue({ SecretId, SecretString: '{}' });
      try {
        return await pointsOf(work);
      } finally {
        await secrets.putSecretValue({ SecretId, SecretString });
      }
    },
    async upload({ user = 'test_seller', orders = [order()], body, headers: more } = {}) {
      const response = await fetch(`${service.endpoints.api}/api/orders/upload`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...more },
        body: body ?? JSON.stringify({ user, orders }),
      });
      await response.text();
      return response.status;
    },
    invoke: (name, event) => service.invoke(functionOf(name), event),
    async [Symbol.asyncDispose]() {
      secrets.destroy();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
const ofAnswer = ({ status, latencyMs }: SentAnswer) => ({
  Count: 1,
  '4xx': status >= 400 && status < 500 ? 1 : 0,
  '5xx': status >= 500 ? 1 : 0,
  Latency: latencyMs,
});

/**
 * What is throttled has not been invoked.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function ofInvocation(invocation: Invocation): Record<string, number> {
  if (isThrottled(invocation)) return { Throttles: 1 };
  return { Invocations: 1, Errors: invocation.ok ? 0 : 1, Throttles: 0 };
}

function functionNamed(functions: readonly LocalFunction[], name: string): LocalFunction {
  const fn = functions.find(({ environment }) => environment.POWERTOOLS_SERVICE_NAME === name);
  if (!fn) throw new Error(`There is no function ${name}.`);
  return fn;
}

function idOf(type: string): string {
  const [id] = Object.entries(apiResources()).find(([, { Type }]) => Type === type) ?? [];
  if (!id) throw new Error(`The template has no ${type}.`);
  return id;
}
