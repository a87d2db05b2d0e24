import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { STOPPED } from '../../cli/run-command.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { compiledCode } from '../helpers/compiled-code.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder();

const COMMANDS: readonly [string, ...string[]][] = [
  ['sellers', 'erase', 'x', '--confirm', 'x'],
  ['smoke'],
  ['admin', '--no-open'],
];

/** How a command ends that is told to stop while what it has asked says nothing. */
async function endOf(
  [name, ...args]: readonly string[],
  told: NodeJS.Signals,
  environment: (silent: string) => NodeJS.ProcessEnv,
): Promise<unknown[]> {
  const asked = Promise.withResolvers<void>();
  await using silent = await listenOnLoopback(
    createServer(() => asked.resolve()),
    0,
  );
  const child = spawn(process.execPath, [`bin/${name}.ts`, ...args, '--stage', 'dev'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_REGION: 'us-east-1',
      ...compiledCode(),
      ...environment(silent.endpoint),
    },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  await Promise.race([asked.promise, ended]);
  child.kill(told);
  return await ended; // before what it has asked is gone
}

describe('a command that is told to stop', () => {
  it.each(COMMANDS)('ends although AWS does not answer: %s', async (...command) => {
    const environment = (silent: string) => ({
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: silent,
    });
    expect(await endOf(command, 'SIGINT', environment)).toEqual([STOPPED, null]);
    expect(await endOf(command, 'SIGTERM', environment)).toEqual([STOPPED, null]);
  });

  it('ends although the program that has the credentials does not', async () => {
    const config = join(folder, 'config');
    const environment = (silent: string) => {
      const program = `${process.execPath} -e "fetch('${silent}')"`;
      writeFileSync(config, `[default]\ncredential_process = ${program}\n`);
      return { AWS_CONFIG_FILE: config };
    };
    expect(await endOf(['smoke'], 'SIGINT', environment)).toEqual([STOPPED, null]);
  });
});
