import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventBusServer, startEventBus } from '../../../local/event-bus/server.ts';
import { type SecretsManager, startSecretsManager } from '../../../local/secrets-manager/server.ts';
import { post } from '../data-api/signed-request.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:stats-AbCdEf';
let bus: EventBusServer;
let secrets: SecretsManager;
beforeAll(async () => {
  bus = await startEventBus({ buses: [] });
  const secret = { secretArn: ARN, username: 'stats_1', password: 'one' };
  secrets = await startSecretsManager({ secrets: [secret] });
});
afterAll(() => Promise.all([bus[Symbol.asyncDispose](), secrets[Symbol.asyncDispose]()]));

async function ask(target: string, body: string) {
  const [prefix = ''] = target.split('.');
  const isBus = prefix === 'AWSEvents';
  const { status, text } = await post({
    endpoint: isBus ? bus.endpoint : secrets.endpoint,
    service: isBus ? 'events' : 'secretsmanager',
    path: '/',
    body,
    headers: { 'x-amz-target': target },
  });
  return { status, type: JSON.parse(text).__type };
}

const entry = (fields: object) =>
  JSON.stringify({ Entries: [{ Source: 's', DetailType: 't', Detail: '{}', ...fields }] });

describe('a stand-in that speaks AWS JSON', () => {
  it.each([
    ['null', 'SerializationException'],
    ['[]', 'SerializationException'],
    ['7', 'SerializationException'],
    ['"Entries"', 'SerializationException'],
    ['{', 'SerializationException'],
    ['', 'SerializationException'],
    ['{"Entries":{}}', 'SerializationException'],
    ['{"Entries":null}', 'ValidationException'],
    ['{"Entries":[null]}', 'SerializationException'],
    ['{"Entries":[[]]}', 'SerializationException'],
    ['{"Entries":[1]}', 'SerializationException'],
    ['{"Entries":["text"]}', 'SerializationException'],
    [entry({ Source: 7 }), 'SerializationException'],
    [entry({ Detail: {} }), 'SerializationException'],
    [entry({ EventBusName: [] }), 'SerializationException'],
    [entry({ Resources: 7 }), 'SerializationException'],
    [entry({ Resources: {} }), 'SerializationException'],
    [entry({ Resources: [null] }), 'SerializationException'],
    [entry({ Time: {} }), 'SerializationException'],
  ])('refuses to put events of %s', async (body, type) => {
    const taken = bus.events.length;
    expect(await ask('AWSEvents.PutEvents', body)).toEqual({ status: 400, type });
    expect(bus.events).toHaveLength(taken);
  });

  it('takes null for a member that is not there', async () => {
    const body = entry({ EventBusName: null, Resources: null, Time: null });
    expect((await ask('AWSEvents.PutEvents', body)).status).toBe(200);
    expect(bus.events.slice(-1)).toMatchObject([{ bus: 'default', resources: [] }]);
  });

  it('refuses the entry whose detail is nested too deeply to be passed on', async () => {
    const Detail = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const taken = bus.events.length;
    expect((await ask('AWSEvents.PutEvents', entry({ Detail }))).status).toBe(200);
    expect(bus.events).toHaveLength(taken);
  });

  describe.each([
    'GetSecretValue',
    'PutSecretValue',
    'DescribeSecret',
    'UpdateSecretVersionStage',
    'RotateSecret',
  ])('%s', (operation) => {
    it.each([
      'null',
      '[]',
      '7',
      '"text"',
      '{}',
      '{"SecretId":null}',
      '{"SecretId":[]}',
      `{"SecretId":"${ARN}","VersionStage":{},"SecretString":7,"ClientRequestToken":[]}`,
    ])('refuses %s', async (body) => {
      const answer = await ask(`secretsmanager.${operation}`, body);
      expect(answer).toEqual({ status: 400, type: 'ValidationException' });
    });
  });

  it.each(['constructor', '__proto__', '', 'toString'])('knows no operation %s', async (name) => {
    const answer = await ask(`AWSEvents.${name}`, '{}');
    expect(answer).toEqual({ status: 400, type: 'UnknownOperationException' });
  });
});
