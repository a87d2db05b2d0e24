import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { STOPPED } from '../../cli/run-command.ts';
import { readAssembly } from '../../cli/templates/assembly.ts';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';
import { type Account, environmentOf, soundAccount, startAccount } from '../cli/doctor/account.ts';
import { compiledCode } from '../helpers/compiled-code.ts';

const DATABASE = 'order-analytics-dev-database';

let account: Account;
let server: Listening;
beforeAll(async () => {
  const { assembly, resourceArn, secretArn } = inject('cloud');
  const address = { resourceArn, secretArn, database: 'order_analytics' };
  account = soundAccount(readAssembly(assembly, 'dev'), address);
  server = await startAccount(account);
});
afterAll(() => server[Symbol.asyncDispose]());

describe('npm run doctor', () => {
  const start = (args: readonly string[], of = server, env = {}) =>
    spawn(process.execPath, ['bin/doctor.ts', ...args], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        ...environmentOf(of),
        AWS_ENDPOINT_URL_RDS_DATA: inject('cloud').dataApiEndpoint,
        PATH: process.env.PATH,
        ...compiledCode(),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const doctor = (...args: string[]) => endOf(start(args));

  async function endOf(child: ReturnType<typeof start>) {
    const ended = once(child, 'close');
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await ended;
    return { code, output, errors };
  }

  it('ends with 0 when nothing stands in the way, and with 1 when something does', async () => {
    const { assembly: app } = inject('cloud');
    const well = await doctor('--stage', 'dev', '--app', app);
    expect(well).toMatchObject({ code: 0, errors: '' });
    expect(well.output).toMatch(/\nNothing stands in the way of the deploy\.\n$/);
    delete account.stacks.CDKToolkit;
    expect(await doctor('--stage', 'dev', '--app', app)).toMatchObject({
      code: 1,
      errors: '1 problem found: the deploy would not go well.\n',
    });
  });

  it('synthesizes what shall be deployed, and says why that fails', async () => {
    const { code, output, errors } = await doctor('--stage', 'nowhere');
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('There is no stage "nowhere". The stages are: dev, production');
  });

  it('ends at once when it is told to, whatever AWS has not answered', async () => {
    const asked = Promise.withResolvers<void>();
    await using silent = await listenOnLoopback(
      createServer(() => asked.resolve()),
      0,
    );
    const child = start(['--stage', 'dev', '--app', inject('cloud').assembly], silent);
    const ended = once(child, 'close');
    await asked.promise;
    child.kill('SIGINT');
    expect(await ended).toEqual([STOPPED, null]);
  });

  it('says in a line that a region is none', async () => {
    const { assembly: app } = inject('cloud');
    const env = { AWS_REGION: 'US East' };
    expect(await endOf(start(['--stage', 'dev', '--app', app], server, env))).toEqual({
      code: 1,
      output: '',
      errors:
        'The AWS region that is set is none: set AWS_REGION, or region in the profile, to one such as us-east-1.\n',
    });
  });

  it('refuses what is of another stage', async () => {
    const { assembly: app } = inject('cloud');
    expect(await doctor('--stage', 'production', '--app', app)).toEqual({
      code: 1,
      output: '',
      errors: `${app} has ${DATABASE}, which is not of production.\n`,
    });
  });
});
