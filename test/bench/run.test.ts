import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');

/** `npm run bench`, with what it prints. */
function startBench(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, ['bench/run.ts', ...args], {
    ...{ cwd: PROJECT, env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => output.push(text.toString()));
  }
  const ended = once(child, 'close').then(([code]) => ({ code, output: output.join('') }));
  return { child, ended };
}

describe('npm run bench', () => {
  it('tells what can be measured', async () => {
    const { code, output } = await startBench(['--help']).ended;
    expect(code).toBe(0);
    expect(output).toContain('npm run bench -- SUBJECT …\n');
    expect(output).toContain('admin, admin-indexes, auth');
  });

  const hint = 'npm run bench -- --help shows the commands.\n';
  it.each([
    [['uplod'], `There is no benchmark uplod. Did you mean upload? ${hint}`],
    [['upload', '--rounds', '3'], `Unknown option '--rounds'; ${hint}`],
  ])('says in a sentence what is wrong with %j', async (args, sentence) => {
    expect(await startBench(args).ended).toEqual({ code: 1, output: sentence });
  });
});
