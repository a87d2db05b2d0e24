import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach } from 'vitest';
import { startGateway } from '../../local/gateway/gateway.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { compiledCode } from '../helpers/compiled-code.ts';
import { httpApi, route } from '../local/gateway/api.ts';

/** By which a browser gets in. */
export interface Door {
  readonly address: string;
  readonly code: string;
}

/** What tests of `npm run admin` start, with a folder for each test, whose end ends all of it. */
export function adminPrograms() {
  let folder = '';
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
      env: {
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: 'true',
        PATH: folder,
        ...compiledCode(),
        ...env,
      },
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

  return {
    /** Of this test. */
    folder: () => folder,
    admin,
    startLocal,
    /** Ends it after the test. */
    use: (one: AsyncDisposable) => running.push(one),
  };
}
