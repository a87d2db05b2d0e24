import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { type Listening, listenOnLoopback } from '../../local/aws/loopback.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import type { Service } from '../../local/service/service.ts';
import { compiledCode } from '../helpers/compiled-code.ts';
import { startTestService } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A service, there from a file's first hook on, and programs that are told where it is. */
export interface CommandedService {
  /** What `--data` names. */
  readonly folder: string;
  readonly endpoints: Service['endpoints'];
  /** What the service logs. */
  readonly lines: string[];
  /** Has the service as the API of every stack. */
  readonly cloudFormation: string;
  readonly askedStacks: readonly string[];
  spawn(
    name: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): ChildProcessByStdio<null, Readable, Readable>;
  /** What a program prints, and how it ends. */
  run(name: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export function useCommandedService(): CommandedService {
  const folder = temporaryFolder();
  const lines: string[] = [];
  const askedStacks: string[] = [];
  const spawnProgram: CommandedService['spawn'] = (name, args, env = {}) =>
    spawn(process.execPath, [`bin/${name}.ts`, ...args], {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH, HOME: folder, ...compiledCode(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commanded: Omit<CommandedService, 'endpoints' | 'cloudFormation'> = {
    folder,
    lines,
    askedStacks,
    spawn: spawnProgram,
    run: async (...given: Parameters<typeof spawnProgram>) => {
      const child = spawnProgram(...given);
      const ended = once(child, 'close');
      const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const [code] = await ended;
      return { code, output, errors };
    },
  };

  const running = new AsyncDisposableStack();
  beforeAll(async () => {
    const { endpoints } = running.use(await startTestService({ log: (line) => lines.push(line) }));
    const lock = lockDataFolder(dataFolder(folder));
    running.defer(() => lock.release());
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
    const stacks = running.use(await listenAsCloudFormation(endpoints.api, askedStacks));
    Object.assign(commanded, { endpoints, cloudFormation: stacks.endpoint });
  });
  afterAll(() => running.disposeAsync());
  return commanded as CommandedService;
}

/** Answers where a stage's API is, as DescribeStacks does. */
function listenAsCloudFormation(api: string, asked: string[]): Promise<Listening> {
  const http = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    asked.push(`${form.get('Action')} ${form.get('StackName')}`);
    response.setHeader('content-type', 'text/xml');
    response.end(`<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
      <Outputs><member><OutputKey>AdminUrl</OutputKey><OutputValue>${api}/admin</OutputValue></member></Outputs>
      </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`);
  });
  return listenOnLoopback(http, 0);
}
