import { randomUUID } from 'node:crypto';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { keyHeader } from '../../../cli/keys/seller-key.ts';
import type { LocalFunction } from '../../../local/cloud-assembly/model.ts';
import type { Service } from '../../../local/service/service.ts';
import { startTestService } from '../../helpers/service.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The steps of a rotation, in their order. */
export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** The steps that went well, as the function's log has them. */
export const stepsIn = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('secret rotation went a step on'))
    .map((line) => JSON.parse(line).step);

export const otherThan = ({ username }: Pick<Login, 'username'>) =>
  username === 'stats_1' ? 'stats_2' : 'stats_1';

/** The secret of its statistics, which has a role's login. */
export const ofStats = ({ app }: Service): string =>
  app.functions.find(({ environment }) => environment.POWERTOOLS_SERVICE_NAME === 'stats')
    ?.environment.DATABASE_SECRET_ARN ?? '';

export const ofOwner = ({ endpoints }: Service): string => endpoints.dataApi.secretArn;

interface RotationOptions {
  readonly secretOf: (service: Service) => string;
}

/** The whole service while a file's tests run, and what they do with one of its secrets. */
export function useRotation({ secretOf }: RotationOptions) {
  const log: string[] = [];
  let service: Service;
  let client: SecretsManager;
  let db: pg.Client;
  let headers: { authorization: string };
  let SecretId: string;
  let rotation: LocalFunction;

  beforeAll(async () => {
    service = await startTestService({ functionLog: (line) => log.push(line) });
    const { secretsManager: endpoint, dataApi, credentials, postgres } = service.endpoints;
    client = new SecretsManager({ endpoint, region: dataApi.region, credentials });
    db = new pg.Client(postgres);
    await db.connect();
    headers = await keyHeader(service.endpoints, 'test_seller');
    SecretId = secretOf(service);
    const found = service.app.rotations.find(({ secretArn }) => secretArn === SecretId);
    if (!found) throw new Error('The secret is not rotated.');
    rotation = found.function;
  });
  afterAll(async () => {
    client.destroy();
    await db.end();
    await service[Symbol.asyncDispose]();
  });

  async function logIn({ username: user, password }: Login): Promise<pg.Client> {
    const { hostname: host, port, pathname } = new URL(service.endpoints.postgres);
    const database = pathname.slice(1);
    const one = new pg.Client({ host, port: Number(port), database, user, password });
    await one.connect();
    return one;
  }

  const invokeStep = (Step: string, ClientRequestToken: string) =>
    service.invoke(rotation, { SecretId, ClientRequestToken, Step });

  return {
    /** What the functions have logged so far. */
    log,
    get service() {
      return service;
    },
    get client() {
      return client;
    },
    get secretArn() {
      return SecretId;
    },
    query: (sql: string, values?: unknown[]) => db.query(sql, values),
    logIn,

    /** Asks for statistics, and answers the status. */
    async ask(): Promise<number> {
      const url = `${service.endpoints.api}/api/orders/stats?user=test_seller`;
      const response = await fetch(url, { headers });
      await response.text();
      return response.status;
    },

    current: async (): Promise<Login> =>
      JSON.parse((await client.getSecretValue({ SecretId })).SecretString ?? ''),

    currentVersion: async () => (await client.getSecretValue({ SecretId })).VersionId,

    /** The text of a version that may not be the current one. */
    textOf: async (VersionId: string) =>
      (await client.getSecretValue({ SecretId, VersionId })).SecretString ?? '',

    /** Puts a value by hand, which becomes the current one. */
    put: (SecretString: string) => client.putSecretValue({ SecretId, SecretString }),

    dropPending: (RemoveFromVersionId: string | undefined) =>
      client.updateSecretVersionStage({
        ...{ SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId },
      }),

    /** Asks for a rotation, which is over then, and answers its version. */
    async rotate(): Promise<string | undefined> {
      const { VersionId } = await client.rotateSecret({ SecretId });
      await service.secretsManager.settled();
      return VersionId;
    },

    /** Asks for a rotation while one is not complete: that one is tried again. */
    async rotateAgain(): Promise<void> {
      await expect(client.rotateSecret({ SecretId })).rejects.toMatchObject({
        name: 'InvalidRequestException',
        message: "A previous rotation isn't complete. That rotation will be reattempted.",
      });
      await service.secretsManager.settled();
    },

    /** What a rotation begins with: its version, which has no value yet. */
    begin(): string {
      const token = randomUUID();
      service.secretsManager.begin(SecretId, token);
      return token;
    },

    async step(name: string, token: string): Promise<void> {
      const invocation = await invokeStep(name, token);
      if (!invocation.ok) throw new Error(invocation.error.errorMessage);
    },
    invokeStep,

    /** Runs the function of the deploy. */
    migrate() {
      const migrate = service.app.triggers[0]?.function;
      if (!migrate) throw new Error('The deploy runs no function.');
      return service.invoke(migrate, {});
    },

    /** Whether PostgreSQL lets a login in with its password. */
    async opens(login: Login): Promise<boolean> {
      try {
        await (await logIn(login)).end();
        return true;
      } catch {
        return false;
      }
    },
  };
}
