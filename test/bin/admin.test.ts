import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { startGateway } from '../../local/gateway/gateway.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { freePort } from '../helpers/free-port.ts';
import { httpApi, route } from '../local/gateway/api.ts';

let folder: string;
const started: ChildProcess[] = [];
const running: AsyncDisposable[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'order-analytics-admin-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
  await Promise.all(running.splice(0).map((one) => one[Symbol.asyncDispose]()));
  rmSync(folder, { recursive: true });
});

/** `npm run admin`'s process with what it prints; it finds no credentials but those in `env`. */
function admin(
  args: readonly string[],
  env: Record<string, string> = {},
  stdout: 'pipe' | number = 'pipe',
) {
  const child = spawn(process.execPath, ['bin/admin.ts', ...args], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', stdout as 'pipe', 'pipe'],
    env: { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', PATH: folder, ...env },
  });
  started.push(child);
  const lines: string[] = [];
  const door = Promise.withResolvers<Door>();
  door.promise.catch(() => {});
  const seen = new Map<string, () => void>();
  for (const stream of [child.stdout, child.stderr].filter(Boolean)) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      const [, code] = /^Code: (.+)$/.exec(line) ?? [];
      if (code) door.resolve({ address: lines.at(-2) ?? '', code });
      seen.get(line)?.();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => {
    door.reject(new Error(`It ended:\n${lines.join('\n')}`));
    return { code, signal, lines };
  });
  const says = (line: string) =>
    new Promise<void>((resolve) => {
      seen.set(line, resolve);
      if (lines.includes(line)) resolve();
    });
  return { child, lines, door: door.promise, ended, says };
}

/**
 * A gateway behind IAM, and the file by which it is found.
 *
 * @param answer what each request is answered
 */
async function startLocal(answer = async (): Promise<unknown> => '<h1>Orders</h1>') {
  const gateway = await startGateway({
    api: httpApi(
      ...['GET /admin', 'GET /admin/{proxy+}'].map((key) => route(key, { type: 'AWS_IAM' })),
    ),
    invoke: async () => ({
      ok: true,
      json: JSON.stringify(await answer()),
      maxRssBytes: 0,
      cpuMs: 0,
    }),
  });
  const lock = lockDataFolder(dataFolder(folder));
  running.push({
    [Symbol.asyncDispose]: async () => {
      lock.release();
      await gateway[Symbol.asyncDispose]();
    },
  });
  writeFileSync(
    join(folder, 'endpoints.json'),
    JSON.stringify({
      api: gateway.endpoint,
      dataApi: { region: 'us-east-1' },
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      pid: process.pid,
    }),
  );
  return gateway.endpoint;
}

/**
 * CloudFormation, answering every request in the same way;
 * its endpoint and what makes it the one asked.
 */
async function startCloudFormation(status: number, xml: string): Promise<Record<string, string>> {
  const http = createServer((_message, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  const cloudFormation = await listenOnLoopback(http, 0);
  running.push(cloudFormation);
  const { endpoint } = cloudFormation;
  return { AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint, ...CREDENTIALS, AWS_REGION: 'us-east-1' };
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const stackWith = (key: string, value: string) =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs><member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const errorOf = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

interface Door {
  readonly address: string;
  readonly code: string;
}

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
    running.push(slow);
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
    running.push(other);
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

/** An answer with two orders of many. */
const PART = {
  statusCode: 200,
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'exported-orders': '2',
    'exported-rows': '2',
    'exported-total': '3.00',
    link: '</admin/orders.csv?after=there>; rel="next"',
  },
  body: `\ufeffhead\r\n1\r\n2\r\n`,
};
const LAST_PART = { ...PART, headers: { ...PART.headers, link: '' } };

describe('npm run admin -- export', () => {
  it('writes to stdout nothing but the file, and to stderr what it came to', async () => {
    const parts = [PART, LAST_PART];
    await startLocal(async () => parts.shift());
    const { child, ended } = admin(['export', '--data', folder]);
    const [stdout, stderr] = [buffer(child.stdout), text(child.stderr)];
    expect(await ended).toMatchObject({ code: 0 });
    expect((await stdout).toString()).toBe('\ufeffhead\r\n1\r\n2\r\n1\r\n2\r\n');
    expect(await stderr).toBe('4 orders · 6.00 in all.\n');
  });

  it('takes what npm run has written out of the file', async () => {
    await startLocal(async () => LAST_PART);
    const file = join(folder, 'orders.csv');
    writeFileSync(file, 'kept\n\n> order-analytics@0.1.0 admin\n> node bin/admin.ts export\n\n');
    const env = { npm_lifecycle_event: 'admin' };
    const out = openSync(file, 'a');
    expect(await admin(['export', '--data', folder], env, out).ended).toMatchObject({ code: 0 });
    closeSync(out);
    expect(readFileSync(file, 'utf8')).toBe('kept\n\ufeffhead\r\n1\r\n2\r\n');
  });

  it('refuses to write into a pipe what npm run has begun', async () => {
    await startLocal(async () => LAST_PART);
    const env = { npm_lifecycle_event: 'admin' };
    expect(await admin(['export', '--data', folder], env).ended).toMatchObject({
      code: 1,
      lines: [
        'npm run writes what it runs where the orders would be: type npm run -s admin -- export …',
      ],
    });
  });

  it('ends when it is told to, and says how to go on', async () => {
    const second = Promise.withResolvers<void>();
    const parts = [PART];
    await startLocal(async () => {
      const part = parts.shift();
      if (part) return part;
      second.resolve();
      return new Promise(() => {});
    });
    const { child, ended } = admin(['export', '--data', folder, '--filter', "q=it's"]);
    await second.promise;
    child.kill('SIGINT');
    const { code, lines } = await ended;
    expect([code, lines.at(-1)]).toEqual([
      130,
      "Stopped after 2 orders; what is written is whole up to there. The rest: npm run -s admin -- export --format csv --filter 'q=it%27s' --after there >> FILE",
    ]);
  });

  it('ends without a word when nobody reads it any more', async () => {
    await startLocal(async () => PART);
    const { child, ended } = admin(['export', '--data', folder]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 130 });
  });

  it('says why it failed, with another status than 0', async () => {
    const detail = 'Something in the filter does not fit.';
    await startLocal(async () => ({ statusCode: 400, body: JSON.stringify({ detail }) }));
    expect(await admin(['export', '--data', folder]).ended).toMatchObject({
      code: 1,
      lines: [`400 ${detail}`],
    });
  });
});
