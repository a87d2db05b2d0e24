import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { freePort } from '../helpers/free-port.ts';
import { adminPrograms, type Door } from './admin-programs.ts';

const programs = adminPrograms();
const { admin, startLocal } = programs;
let folder: string;
beforeEach(() => {
  folder = programs.folder();
});

/**
 * CloudFormation, answering every request in the same way;
 * its endpoint and what makes it the one asked.
 */
async function startCloudFormation(status: number, xml: string): Promise<Record<string, string>> {
  const http = createServer((_message, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  const cloudFormation = await listenOnLoopback(http, 0);
  programs.use(cloudFormation);
  const { endpoint } = cloudFormation;
  return { AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint, ...CREDENTIALS, AWS_REGION: 'us-east-1' };
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const stackWith = (key: string, value: string) =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs><member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const errorOf = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** What a browser sees that gives the code and goes on to the admin. */
async function see({ address, code }: Door): Promise<string> {
  const { port } = new URL(address);
  const ask = async (options: RequestOptions, body = '') => {
    const sent = request({ host: '127.0.0.1', port, ...options });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { headers: answer.headers, body: await text(answer) };
  };
  const given = await ask({ path: '/', method: 'POST' }, `code=${code}`);
  const { host, pathname, search } = new URL(/url=([^"]+)"/.exec(given.body)?.[1] ?? '');
  const welcome = await ask({ path: pathname + search, headers: { host } });
  const cookie = welcome.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return (await ask({ path: '/admin', headers: { host, cookie } })).body;
}

/** What everybody on this machine sees of a process and of those that it has started. */
const NOTE_ALL = `#!/bin/sh
for file in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $file; echo; done > NOTED.seen 2> /dev/null
cp "$1" NOTED.page
echo "$1" > NOTED.opening
mv NOTED.opening NOTED
`;

describe('npm run admin', () => {
  it.each([
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
  ] as const)('shows the admin of a running npm start until %s, and leaves nothing behind', async (signal) => {
    await startLocal();
    const before = readdirSync(folder);
    const port = await freePort();
    const { child, door, ended } = admin(['--data', folder, '--no-open', '--port', port]);
    const { address, code } = await door;
    expect(await see({ address, code })).toBe('<h1>Orders</h1>');
    child.kill(signal);
    expect(await ended).toMatchObject({
      code: 0,
      lines: [
        `The admin of the npm start on ${folder}, until Ctrl-C; the code works once:`,
        `http://127.0.0.1:${port}/`,
        `Code: ${code}`,
        expect.stringMatching(/^Code for another browser: [0-9a-f]{32}$/),
      ],
    });
    await expect(fetch(address)).rejects.toThrow('fetch failed');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('ends also while a browser waits for an answer', async () => {
    const asked = Promise.withResolvers<void>();
    const slow = await listenOnLoopback(
      createServer(() => asked.resolve()),
      0,
    );
    programs.use(slow);
    await startLocal();
    const file = join(folder, 'endpoints.json');
    const found = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...found, api: slow.endpoint }));
    const { child, door, ended } = admin(['--data', folder, '--no-open']);
    const seen = see(await door);
    seen.catch(() => {});
    await asked.promise;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0 });
    await expect(seen).rejects.toThrow();
  });

  it('says that there is no browser, and stays', async () => {
    await startLocal();
    const { says, door } = admin(['--data', folder]);
    const { port } = new URL((await door).address);
    await says(
      `No browser could be opened: open the address in one and give it the code (from another machine after ssh -L ${port}:127.0.0.1:${port} HOST).`,
    );
    expect(await see(await door)).toBe('<h1>Orders</h1>');
  });

  it('opens a file in the default browser, and shows the code in the arguments of no process', async () => {
    await startLocal();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const noted = join(folder, 'noted');
    const before = readdirSync(folder);
    // As the desktop's own launcher, which `xdg-open` obeys.
    writeFileSync(join(bin, 'browser'), NOTE_ALL.replaceAll('NOTED', noted), { mode: 0o755 });
    const args = ['--data', folder, '--port', await freePort(), '--open', '/admin/orders?q=tea'];
    const { door, lines, child, ended } = admin(args, {
      BROWSER: join(bin, 'browser'),
      PATH: `${bin}:/usr/bin:/bin`,
    });
    const { address, code } = await door;
    expect(address).toContain('/admin/orders?q=tea');
    await expect.poll(() => existsSync(noted), { timeout: 20_000 }).toBe(true);
    const file = readFileSync(noted, 'utf8').trim();
    const seen = readFileSync(`${noted}.seen`, 'utf8');
    expect(seen).toContain(`bin/browser ${file}`);
    expect(seen).toContain('bin/admin.ts --data');
    expect(seen).not.toContain(code);
    const page = readFileSync(`${noted}.page`, 'utf8');
    expect(page).toContain(`<form method="post" action="${address}">`);
    expect(page).toContain(`value="${code}"`);
    expect([file, dirname(file)].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o600, 0o700,
    ]);
    child.kill('SIGTERM');
    await ended;
    expect(lines).toHaveLength(3);
    expect(readdirSync(folder).filter((name) => !name.startsWith('noted'))).toEqual(before);
  });

  it('opens the page of a link that was passed on, whichever session it is of', async () => {
    await startLocal();
    const link = 'http://admin-0123.localhost:1/admin/orders?q=green+tea&status=paid';
    const { door } = admin(['--data', folder, '--no-open', '--open', link]);
    const { pathname, search } = new URL((await door).address);
    expect(pathname + search).toBe('/admin/orders?q=green+tea&status=paid');
  });

  it('does not take another port than the one that was asked for', async () => {
    await startLocal();
    const other = await listenOnLoopback(createServer(), 0);
    programs.use(other);
    const args = ['--data', folder, '--no-open', '--port', String(other.port)];
    expect(await admin(args).ended).toMatchObject({
      code: 1,
      lines: [
        `Port ${other.port} is taken: end the program that has it, or choose another with --port.`,
      ],
    });
  });

  it('shows the admin of a deployed stage by the output of its stack', async () => {
    const env = await startCloudFormation(
      200,
      stackWith('AdminUrl', `${await startLocal()}/admin`),
    );
    const args = ['--stage', 'dev', '--no-open', '--port', await freePort()];
    const { door, lines } = admin(args, env);
    expect(await see(await door)).toBe('<h1>Orders</h1>');
    expect(lines[0]).toContain('dev in us-east-1');
  });

  it.each<[string, number, string, string]>([
    [
      'there is no stack',
      400,
      errorOf('ValidationError', 'Stack with id x does not exist'),
      'There is no stack order-analytics-dev-api in this account and region: deploy it, or choose another --stage, --profile or AWS_REGION.',
    ],
    [
      'credentials have expired',
      403,
      errorOf('ExpiredToken', 'The security token included in the request is expired'),
      'The AWS credentials have expired: sign in again (aws sso login).',
    ],
    [
      'nobody knows the credentials',
      403,
      errorOf('InvalidClientTokenId', 'The security token included in the request is invalid.'),
      'AWS does not know these credentials: choose another --profile.',
    ],
    [
      'the stack may not be seen',
      403,
      errorOf('AccessDenied', 'User: x is not authorized'),
      'These credentials may not look up the stack order-analytics-dev-api: whoever deploys it attaches its policy AdminPolicy to you.',
    ],
    [
      'the stack is older than the admin',
      200,
      stackWith('ApiUrl', 'x'),
      'The stack order-analytics-dev-api has no admin yet: deploy this version of it.',
    ],
  ])('says in a line that %s', async (_name, status, xml, sentence) => {
    const env = await startCloudFormation(status, xml);
    expect(await admin(['--stage', 'dev'], env).ended).toMatchObject({
      code: 1,
      lines: [sentence],
    });
  });

  it.each<[string, string[], Record<string, string>, string]>([
    [
      'there are no credentials',
      ['--stage', 'dev'],
      { AWS_REGION: 'us-east-1' },
      'No usable AWS credentials: sign in (aws sso login) or choose a --profile.',
    ],
    [
      'there is no such profile',
      ['--stage', 'dev', '--profile', 'nobody'],
      { AWS_REGION: 'us-east-1' },
      'No usable AWS credentials in the profile nobody: sign in (aws sso login --profile nobody) or choose a --profile.',
    ],
    [
      'no region is set',
      ['--stage', 'dev'],
      CREDENTIALS,
      'No AWS region is set: set AWS_REGION, or region in the profile.',
    ],
    [
      'AWS cannot be reached',
      ['--stage', 'dev'],
      { ...CREDENTIALS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      'AWS cannot be reached (connect ECONNREFUSED 127.0.0.1:9): look at the network, AWS_REGION and, where it is set, AWS_ENDPOINT_URL.',
    ],
    [
      'nothing runs on the folder',
      ['--data', '/nowhere'],
      {},
      'No npm start runs on /nowhere: start one, or name its folder with --data, or a deployed stage with --stage.',
    ],
    [
      'what is to be opened is no page of the admin',
      ['--open', '/api/docs'],
      {},
      "--open /api/docs: it is a page of the admin such as '/admin/orders?q=tea', or a link to one.",
    ],
    [
      'options do not fit together',
      ['--stage', 'dev', '--data', 'x'],
      {},
      '--stage is for a deployed stage, --data for this machine: choose one.',
    ],
    [
      'a profile needs a stage',
      ['--profile', 'x'],
      {},
      '--profile is for a deployed stage: name it with --stage.',
    ],
    [
      'an option is unknown',
      ['--colour', '1'],
      {},
      "Unknown option '--colour'; npm run admin -- --help shows the commands.",
    ],
    ['an option is empty', ['--stage='], {}, '--stage needs a value.'],
    [
      'there is no such command',
      ['exprot'],
      {},
      'There is no command exprot. Did you mean export? npm run admin -- --help shows the commands.',
    ],
    [
      'only CSV is for Excel',
      ['export', '--excel', '--format', 'ndjson'],
      {},
      '--excel is for --format csv.',
    ],
  ])('says in a line that %s', async (_name, args, env, sentence) => {
    expect(await admin(args, env).ended).toMatchObject({ code: 1, lines: [sentence] });
  });
});
