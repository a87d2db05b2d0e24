import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import { findDeployedAdmin } from '../../../cli/target/deployed.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';

const NOBODY = 'http://127.0.0.1:9';
const STAGE = { stage: 'dev' };
const signal = new AbortController().signal;

beforeEach(() => {
  set({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: undefined,
    AWS_ENDPOINT_URL_CLOUDFORMATION: NOBODY,
    AWS_MAX_ATTEMPTS: '1',
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function set(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** What a person is told who looks for a stage. */
async function told(answeredWithinMs?: number): Promise<unknown> {
  return findDeployedAdmin(STAGE, signal, answeredWithinMs).then(({ origin }) => origin, forPeople);
}

/** The same where something answers in place of CloudFormation. */
async function toldBy(status: number, body: string): Promise<unknown> {
  const http = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await using answering = await listenOnLoopback(http, 0);
  set({ AWS_ENDPOINT_URL_CLOUDFORMATION: answering.endpoint });
  return await told();
}

const refusal = (code: string, message?: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code>${message === undefined ? '' : `<Message>${message}</Message>`}</Error></ErrorResponse>`;

const adminAt = (address: string) =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs><member><OutputKey>AdminUrl</OutputKey><OutputValue>${address}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

describe('who looks for a deployed stage is told', () => {
  it('where its admin is', async () => {
    expect(await toldBy(200, adminAt('https://example.com/admin'))).toBe('https://example.com');
  });

  it.each<[string, Record<string, string>, string | RegExp]>([
    [
      'a port where nobody listens',
      {},
      'AWS cannot be reached (connect ECONNREFUSED 127.0.0.1:9): look at the network, AWS_REGION and, where it is set, AWS_ENDPOINT_URL.',
    ],
    [
      'a name that nobody has',
      { AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://nowhere.invalid' },
      /^AWS cannot be reached \(getaddrinfo \w+ nowhere\.invalid\): look at the network, [^\n]+\.$/,
    ],
    [
      'a region that is none',
      { AWS_REGION: 'US East', AWS_ENDPOINT_URL_CLOUDFORMATION: '' },
      'The AWS region that is set is none: set AWS_REGION, or region in the profile, to one such as us-east-1.',
    ],
    [
      'an address that is none',
      { AWS_ENDPOINT_URL_CLOUDFORMATION: 'nonsense' },
      'An address that is set for AWS is none: look at AWS_ENDPOINT_URL, and at endpoint_url in the profile.',
    ],
    [
      'a token with a line break',
      { AWS_SESSION_TOKEN: 'the\nsecret' },
      'The AWS credentials have a character that none has, such as a line break: set AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN again.',
    ],
    [
      'a file with a token that is not there',
      {
        AWS_ACCESS_KEY_ID: '',
        AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token',
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/ci',
      },
      "AWS cannot be asked: ENOENT: no such file or directory, open '/nowhere/token'.",
    ],
  ])('what is wrong with %s', async (_what, variables, sentence) => {
    set(variables);
    expect(await told()).toEqual(
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    );
  });

  it('that a connection was dropped', async () => {
    await using dropping = await listenOnLoopback(
      createServer(({ socket }) => socket.destroy()),
      0,
    );
    set({ AWS_ENDPOINT_URL_CLOUDFORMATION: dropping.endpoint });
    expect(await told()).toMatch(/^AWS cannot be reached \(ECONNRESET: socket hang up\): /);
  });

  it('that no answer comes', async () => {
    await using silent = await listenOnLoopback(
      createServer(() => {}),
      0,
    );
    set({ AWS_ENDPOINT_URL_CLOUDFORMATION: silent.endpoint });
    expect(await told(10)).toMatch(/^AWS cannot be reached \(not in time\): /);
  });

  it.each<[string, number, string, string]>([
    [
      'that it asks too often',
      400,
      refusal('Throttling', 'Rate exceeded'),
      'AWS refuses: Throttling: Rate exceeded. Try again in a minute.',
    ],
    [
      'that the service is down',
      503,
      refusal('ServiceUnavailable', 'Down.\n  Really'),
      'AWS refuses: ServiceUnavailable: Down. Try again in a minute.',
    ],
    [
      'why the account has no such service',
      403,
      refusal('OptInRequired'),
      'AWS refuses: OptInRequired.',
    ],
    [
      'why there can be no such stack',
      400,
      refusal('ValidationError', "1 validation error detected: Value 'a b' at 'stackName' is none"),
      "AWS refuses: ValidationError: 1 validation error detected: Value 'a b' at 'stackName' is none.",
    ],
    [
      'that the credentials are wrong, and not with what token it signed',
      403,
      refusal('InvalidSignatureException', 'No.\n\nThe Canonical String: x-amz-security-token:t'),
      'AWS does not know these credentials: choose another --profile.',
    ],
    [
      'that the clock is wrong',
      403,
      refusal('SignatureDoesNotMatch', 'Signature expired: 20260101T000000Z is now earlier than'),
      "AWS has another time than this machine: set this machine's clock.",
    ],
    [
      'of an answer without a word',
      502,
      '',
      'AWS, or a proxy on the way to it, answers 502 and does not say why: try again in a minute.',
    ],
    ...[
      [403, 'No.'],
      [200, 'Welcome!'],
      [200, '<html><body>Welcome!<br></body></html>'],
      [200, '<!DOCTYPE html><html><body>Welcome!</body></html>'],
    ].map(([status, body]): [string, number, string, string] => [
      `that ${body} is not AWS's`,
      Number(status),
      String(body),
      `What answers in place of AWS (${status}) is not AWS: look for a proxy or a sign-in page on the way and, where it is set, at AWS_ENDPOINT_URL.`,
    ]),
    ...['nonsense', 'ftp://example.com', 'javascript:alert(1)'].map(
      (address): [string, number, string, string] => [
        `that ${address} is no admin's address`,
        200,
        adminAt(address),
        'The stack order-analytics-dev-api has an AdminUrl that is no address: deploy this version of it.',
      ],
    ),
  ])('%s', async (_what, status, body, sentence) => {
    expect(await toldBy(status, body)).toBe(sentence);
  });
});
