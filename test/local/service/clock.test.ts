import { EventBridge } from '@aws-sdk/client-eventbridge';
import { RDSData } from '@aws-sdk/client-rds-data';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../../cli/keys/seller-key.ts';
import { signedRequest } from '../../../cli/target/signed-request.ts';
import { invokeOver } from '../../../local/lambda/invoke-client.ts';
import type { Service } from '../../../local/service/service.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startTestService } from '../../helpers/service.ts';
import { TestClock } from '../../helpers/test-clock.ts';

const DAY_MS = 86_400_000;

const clock = new TestClock();
const startedAt = clock.now();
let service: Service;
beforeAll(async () => {
  service = await startTestService({ clock, scheduled: true });
});
afterAll(() => service[Symbol.asyncDispose]());

/** Clients of AWS's services whose clock is `aheadMs` ahead of this machine's. */
function clients(aheadMs: number) {
  const { endpoints } = service;
  const config = {
    region: endpoints.dataApi.region,
    credentials: endpoints.credentials,
    maxAttempts: 1,
    systemClockOffset: aheadMs,
  };
  const { resourceArn, secretArn, database } = endpoints.dataApi;
  const dataApi = new RDSData({ ...config, endpoint: endpoints.dataApi.endpoint });
  const eventBus = new EventBridge({ ...config, endpoint: endpoints.eventBridge });
  const secrets = new SecretsManager({ ...config, endpoint: endpoints.secretsManager });
  return {
    begin: () => dataApi.beginTransaction({ resourceArn, secretArn, database }),
    commit: (transactionId: string | undefined) =>
      dataApi.commitTransaction({ resourceArn, secretArn, transactionId }),
    putEvent: () =>
      eventBus.putEvents({ Entries: [{ Source: 'test', DetailType: 'test', Detail: '{}' }] }),
    readSecret: () => secrets.getSecretValue({ SecretId: secretArn }),
  };
}

const statsOf = async (headers: { authorization: string }) => {
  const response = await fetch(`${service.endpoints.api}/api/orders/stats?user=seller`, {
    headers,
  });
  return { status: response.status, text: await response.text() };
};

/** By the schedule, at 00:15 UTC. */
function nextNight(nowMs: number): string {
  const quarterPast = 15 * 60_000;
  const day = new Date(nowMs - quarterPast).toISOString().slice(0, 10);
  return new Date(Date.parse(day) + DAY_MS + quarterPast).toISOString();
}

describe("the local cloud's clock", () => {
  it('moves keys, signatures, transactions, schedules and rotations by a day at once', async () => {
    const before = clients(0);
    const key = await keyHeader(service.endpoints, 'seller', {
      expires_at: new Date(startedAt + DAY_MS / 2).toISOString(),
    });
    const lasting = await keyHeader(service.endpoints, 'seller');
    expect((await statsOf(key)).status).toBe(200);
    const { transactionId } = await before.begin();
    const nights = () =>
      service.eventBus.events.filter(
        ({ detail }) => (detail as { kind?: string }).kind === 'night',
      );

    await clock.goTo(nextNight(startedAt));
    await eventually(() => expect(nights()).toHaveLength(1));
    await clock.goTo(new Date(Math.max(clock.now(), startedAt + DAY_MS)).toISOString());

    expect(await statsOf(key)).toMatchObject({
      status: 401,
      text: expect.stringContaining('This key has expired.'),
    });
    expect((await statsOf(lasting)).status).toBe(200);

    const late = { message: expect.stringMatching(/^Signature expired: /) };
    await expect(clients(0).begin()).rejects.toMatchObject(late);
    await expect(clients(0).putEvent()).rejects.toMatchObject(late);
    await expect(clients(0).readSecret()).rejects.toMatchObject(late);
    const [fn] = service.app.functions;
    await expect(invokeOver(service.endpoints.lambda, fn!.name, {})).rejects.toThrow(
      /^403 .*Signature expired: /,
    );
    const { api: origin, dataApi, credentials } = service.endpoints;
    const request = { method: 'GET', path: '/admin/api/keys?user=seller' } as const;
    const refused = await signedRequest({ origin, region: dataApi.region, credentials }, request);
    expect(refused.status).toBe(403);

    const moved = clients(clock.now() - Date.now());
    expect((await moved.putEvent()).FailedEntryCount).toBe(0);
    await expect(moved.commit(transactionId)).rejects.toMatchObject({
      name: 'TransactionNotFoundException',
      message: expect.stringContaining('Transaction may be expired.'),
    });

    const { secretArn } = service.app.rotations[0]!;
    const login = () =>
      service.secretsManager.credentials.find((secret) => secret.secretArn === secretArn);
    const old = login();
    await service.secretsManager.rotate(secretArn);
    expect(login()).not.toEqual(old);
    expect((await statsOf(lasting)).status).toBe(200);
  });
});
