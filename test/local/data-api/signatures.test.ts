import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, read, type SignedRequest } from './signed-request.ts';
import { expectRefusal, type StandIn, startStandIn, target } from './stand-in.ts';

const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };
const TEMPORARY = { accessKeyId: 'temporary', secretAccessKey: 'x', sessionToken: 'token' };

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ credentials: [LOCAL, TEMPORARY] });
});
afterAll(() => standIn.stop());

const BODY = JSON.stringify({ ...target, sql: 'SELECT 1' });
const send = (more: Partial<SignedRequest> = {}) =>
  post({ endpoint: standIn.server.endpoint, path: '/Execute', body: BODY, ...more });

describe('a request', () => {
  it('without a signature is refused', async () => {
    const response = await fetch(`${standIn.server.endpoint}/Execute`, {
      method: 'POST',
      body: BODY,
    });
    expect(await read(response)).toEqual({
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
      text: '{"message":"Missing Authentication Token"}',
    });
  });

  it.each<[string, string, Partial<SignedRequest>, string]>([
    [
      'with another kind of authorization',
      'IncompleteSignatureException',
      { headers: { authorization: 'Bearer local' } },
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters. Authorization=Bearer local",
    ],
    [
      'of somebody unknown',
      'UnrecognizedClientException',
      { credentials: { ...LOCAL, accessKeyId: 'stranger' } },
      'The security token included in the request is invalid.',
    ],
    [
      'with temporary credentials and another token',
      'UnrecognizedClientException',
      { credentials: { ...TEMPORARY, sessionToken: 'old' } },
      'The security token included in the request is invalid.',
    ],
    [
      'signed for another region',
      'InvalidSignatureException',
      { region: 'eu-central-1' },
      'Credential should be scoped to a valid region.',
    ],
    [
      'signed for another service',
      'InvalidSignatureException',
      { service: 'execute-api' },
      "Credential should be scoped to correct service: 'rds-data'.",
    ],
    [
      'signed with another secret',
      'InvalidSignatureException',
      { credentials: { ...LOCAL, secretAccessKey: 'guessed' } },
      'The request signature we calculated does not match the signature you provided. Check your AWS ' +
        'Secret Access Key and signing method. Consult the service documentation for details.',
    ],
    [
      'with another header than the signed one',
      'InvalidSignatureException',
      { headers: { 'content-type': 'text/plain' } },
      'The request signature we calculated does not match the signature you provided. Check your AWS ' +
        'Secret Access Key and signing method. Consult the service documentation for details.',
    ],
  ])('%s is refused: %s', async (_what, errorType, more, message) => {
    const { text, ...answer } = await send(more);
    expect(answer).toEqual({ status: 403, errorType });
    expect(JSON.parse(text)).toEqual({ message });
  });

  it('that was changed after it was signed is refused', async () => {
    const answer = await send({ sentBody: `${BODY} ` });
    expect(answer).toMatchObject({ status: 403, errorType: 'InvalidSignatureException' });
  });

  it.each([
    [
      5 * 60_000 + 2000,
      /^Signature expired: \w{16} is now earlier than \w{16} \(\w{16} - 5 min\.\)$/,
    ],
    [
      -5 * 60_000 - 2000,
      /^Signature not yet current: \w{16} is still later than \w{16} \(\w{16} \+ 5 min\.\)$/,
    ],
  ])('whose signature is %i ms old is refused', async (ageMs, message) => {
    const client = standIn.connect({ systemClockOffset: standIn.clock.now() - Date.now() - ageMs });
    await expectRefusal(
      client.executeStatement({ ...target, sql: 'SELECT 1' }),
      'InvalidSignatureException',
      message,
    );
    client.destroy();
  });

  it.each([
    ['local', LOCAL],
    ['temporary', TEMPORARY],
  ])('with %s credentials is answered', async (_whose, credentials) => {
    expect(await send({ credentials })).toMatchObject({ status: 200 });
  });
});

describe('a client whose clock is an hour late', () => {
  it('learns the time from a refusal and signs anew', async () => {
    const ahead = await startStandIn();
    ahead.clock.pass(3_600_000);
    const client = ahead.connect({ maxAttempts: 2 });
    const { records } = await client.executeStatement({ ...target, sql: 'SELECT 1' });
    expect(records).toEqual([[{ longValue: 1 }]]);
    client.destroy();
    await ahead.stop();
  });
});
