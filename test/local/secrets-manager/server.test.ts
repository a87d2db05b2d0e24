import { randomUUID } from 'node:crypto';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotationStep } from '../../../local/secrets-manager/rotation.ts';
import {
  type SecretsManager as StandIn,
  startSecretsManager,
} from '../../../local/secrets-manager/server.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:stats-AbCdEf';

let server: StandIn;
/** What rotates the secret, and the steps that it was asked for. */
let rotation: (step: RotationStep) => Promise<void>;
let steps: RotationStep[];
beforeEach(async () => {
  const secrets = [{ secretArn: ARN, username: 'stats_1', password: 'one' }];
  steps = [];
  rotation = finishing;
  const run = async (step: RotationStep) => {
    steps.push(step);
    await rotation(step);
  };
  server = await startSecretsManager({ secrets, rotationOf: () => run });
});
afterEach(() => server[Symbol.asyncDispose]());

function client(secretAccessKey = 'local') {
  return new SecretsManager({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey },
    maxAttempts: 1,
  });
}

const value = (username: string, password: string) => JSON.stringify({ username, password });
const put = (ClientRequestToken: string, SecretString: string, ...VersionStages: string[]) =>
  client().putSecretValue({
    SecretId: ARN,
    ClientRequestToken,
    SecretString,
    ...(VersionStages.length > 0 && { VersionStages }),
  });
const get = (more = {}) => client().getSecretValue({ SecretId: ARN, ...more });
const refused = (name: string, message: RegExp) => ({
  name,
  message: expect.stringMatching(message),
});

const rotateSecret = (more = {}) => client().rotateSecret({ SecretId: ARN, ...more });
const NOT_COMPLETE = refused(
  'InvalidRequestException',
  /^A previous rotation isn't complete\. That rotation will be reattempted\.$/,
);

/** A rotation function that does nothing but make its version the current one. */
async function finishing({ Step, ClientRequestToken: token }: RotationStep): Promise<void> {
  if (Step !== 'finishSecret') return;
  const { VersionId } = await get();
  await client().updateSecretVersionStage({
    SecretId: ARN,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: token,
    RemoveFromVersionId: VersionId,
  });
}

async function failing(): Promise<void> {
  throw new Error('It fails.');
}

describe('the Secrets Manager stand-in', () => {
  it('lists the secrets, whose names nobody can guess', async () => {
    const { SecretList } = await client().listSecrets({});
    expect(SecretList).toEqual([{ ARN, Name: 'stats', RotationEnabled: true }]);
  });

  it('answers what a secret holds, by ARN or name', async () => {
    for (const SecretId of [ARN, 'stats']) {
      const answer = await client().getSecretValue({ SecretId });
      expect(answer).toMatchObject({ ARN, Name: 'stats', VersionStages: ['AWSCURRENT'] });
      expect(answer.SecretString).toBe(value('stats_1', 'one'));
    }
  });

  it('has no login in a secret into which something else was put', async () => {
    for (const text of ['no JSON', 'null', '{"username":"stats_1"}']) {
      await put(randomUUID(), text);
      expect(server.credentials).toEqual([]);
    }
    await put(randomUUID(), value('stats_2', 'two'));
    expect(server.credentials).toEqual([{ secretArn: ARN, username: 'stats_2', password: 'two' }]);
  });

  it('moves AWSCURRENT to a version that is put, and AWSPREVIOUS behind it', async () => {
    const before = (await get()).VersionId!;
    const next = randomUUID();
    await put(next, value('stats_2', 'two'));
    expect((await get()).SecretString).toBe(value('stats_2', 'two'));
    expect((await get({ VersionStage: 'AWSPREVIOUS' })).VersionId).toBe(before);
    expect(server.credentials).toEqual([{ secretArn: ARN, username: 'stats_2', password: 'two' }]);
    const { VersionIdsToStages } = await client().describeSecret({ SecretId: ARN });
    expect(VersionIdsToStages).toEqual({ [before]: ['AWSPREVIOUS'], [next]: ['AWSCURRENT'] });
  });

  it('keeps a pending version apart until its label is moved, from the version named', async () => {
    const before = (await get()).VersionId!;
    const next = randomUUID();
    await put(next, value('stats_2', 'two'), 'AWSPENDING');
    await put(next, value('stats_2', 'two'), 'AWSPENDING'); // again is fine
    expect((await get()).VersionId).toBe(before);
    await expect(put(next, value('stats_2', 'three'), 'AWSPENDING')).rejects.toMatchObject(
      refused('ResourceExistsException', /already in use/),
    );

    const move = { SecretId: ARN, VersionStage: 'AWSCURRENT', MoveToVersionId: next };
    await expect(client().updateSecretVersionStage(move)).rejects.toMatchObject(
      refused('InvalidParameterException', new RegExp(`attached to version ${before}`)),
    );
    await client().updateSecretVersionStage({ ...move, RemoveFromVersionId: before });
    const { VersionIdsToStages } = await client().describeSecret({ SecretId: ARN });
    expect(VersionIdsToStages).toEqual({
      [before]: ['AWSPREVIOUS'],
      [next]: ['AWSPENDING', 'AWSCURRENT'],
    });
  });

  it.each([
    ['another secret', { SecretId: 'other' }, 'ResourceNotFoundException', /specified secret\./],
    [
      'a label that is on no version',
      { VersionStage: 'AWSPENDING' },
      'ResourceNotFoundException',
      /staging label: AWSPENDING/,
    ],
    [
      'a version that there is not',
      { VersionId: randomUUID() },
      'ResourceNotFoundException',
      /VersionId: /,
    ],
    ['a version id that is too short', { VersionId: 'x' }, 'ValidationException', /VersionId/],
  ])('refuses %s', async (_what, more, name, message) => {
    await expect(get(more)).rejects.toMatchObject(refused(name, message));
  });

  it('refuses who signs with another key, and operations that it does not know', async () => {
    const stranger = client('other').getSecretValue({ SecretId: ARN });
    await expect(stranger).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    await expect(client().deleteSecret({ SecretId: ARN })).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });

  it('tries a rotation that failed again with its token, and begins no other before', async () => {
    rotation = failing;
    const { VersionId: token } = await rotateSecret();
    await server.settled();
    await expect(rotateSecret()).rejects.toMatchObject(NOT_COMPLETE);
    await server.settled();
    rotation = finishing;
    await expect(rotateSecret()).rejects.toMatchObject(NOT_COMPLETE);
    await server.settled();
    expect(steps.map(({ Step }) => Step)).toEqual([
      'createSecret',
      'createSecret',
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
    ]);
    expect(new Set(steps.map(({ ClientRequestToken }) => ClientRequestToken))).toEqual(
      new Set([token]),
    );
    const next = await rotateSecret();
    expect(next.VersionId).not.toBe(token);
    await server.settled();
  });

  it('takes the same request for a rotation again, and rotates once', async () => {
    const ClientRequestToken = randomUUID();
    const answers = [
      await rotateSecret({ ClientRequestToken }),
      await rotateSecret({ ClientRequestToken }),
    ];
    await server.settled();
    answers.push(await rotateSecret({ ClientRequestToken }));
    await server.settled();
    expect(answers.map(({ VersionId }) => VersionId)).toEqual(Array(3).fill(ClientRequestToken));
    expect(steps).toHaveLength(4);
  });

  it('begins anew when the label of one that failed is taken away', async () => {
    rotation = failing;
    const { VersionId: RemoveFromVersionId } = await rotateSecret();
    await server.settled();
    await client().updateSecretVersionStage({
      SecretId: ARN,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId,
    });
    const { VersionId } = await rotateSecret();
    expect(VersionId).not.toBe(RemoveFromVersionId);
    await server.settled();
  });
});
