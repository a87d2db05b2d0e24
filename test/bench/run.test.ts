import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const PROJECT = join(import.meta.dirname, '../..');

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill(); // of a test that failed
});

/** `npm run bench`, with what it prints. */
function startBench(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, ['bench/run.ts', ...args], {
    ...{ cwd: PROJECT, env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => output.push(text.toString()));
  }
  const ended = once(child, 'close').then(([code]) => ({ code, output: output.join('') }));
  return { child, ended };
}

/** The processes that were started with something of a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(folder) ? [command.replaceAll('\0', ' ')] : [];
    } catch {
      return []; // no process, or one that has ended meanwhile
    }
  });
}

/** A repository of its own with this checkout's files as its one commit, and how to ask it. */
function makeRepository(gitDir: string) {
  const env = { ...process.env, GIT_DIR: gitDir };
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: PROJECT, env, encoding: 'utf8' });
  git('init', '--quiet');
  git('config', 'core.bare', 'false');
  git('add', '.');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  git(...author, 'commit', '--quiet', '--message', 'all');
  return { env, listWorktrees: () => git('worktree', 'list', '--porcelain') };
}

describe('npm run bench', () => {
  it('tells what can be measured', async () => {
    const { code, output } = await startBench(['--help']).ended;
    expect(code).toBe(0);
    expect(output).toContain('npm run bench -- upload [--against COMMIT]\n');
    expect(output).toContain('npm run bench -- SUBJECT …\n');
    expect(output).toContain('admin, admin-indexes, auth');
  });

  const hint = 'npm run bench -- --help shows the commands.\n';
  it.each([
    [['uplod'], `There is no benchmark uplod. Did you mean upload? ${hint}`],
    [
      ['upload', '--agianst', 'HEAD'],
      `Unknown option '--agianst'. Did you mean --against? ${hint}`,
    ],
    [['upload', '--against', 'a b'], '--against a b: this repository has no such commit.\n'],
    [
      ['upload', '--against', '--all'],
      `--against has no value (one that begins with a dash is written --against=-…); ${hint}`,
    ],
    [['upload', '--against=--all'], '--against --all: this repository has no such commit.\n'],
    [['stats', '--against', 'HEAD'], `--against goes with upload alone; ${hint}`],
    [['--against', 'HEAD'], `--against goes with upload alone; ${hint}`],
    [
      ['stats', '--orders', '5000'],
      `--orders goes with feed, growth, or upload-file alone; ${hint}`,
    ],
    [['feed', '--orders', '999'], '--orders 999: must be a whole number from 1000.\n'],
    [['feed', '--orders', '5e3x'], '--orders 5e3x: must be a whole number from 1000.\n'],
  ])('says in a sentence what is wrong with %j', async (args, sentence) => {
    expect(await startBench(args).ended).toEqual({ code: 1, output: sentence });
  });
});

describe('npm run bench -- upload --against', () => {
  const gitDir = join(temporaryFolder(), 'git');
  const folder = temporaryFolder();
  chmodSync(folder, 0o755); // or PostgreSQL's own user cannot enter, and its data goes elsewhere

  it('leaves no worktree, process or file when it is interrupted', async () => {
    const { env, listWorktrees } = makeRepository(gitDir);
    const args = ['upload', '--against', 'HEAD'];
    const { child, ended } = startBench(args, { ...env, TMPDIR: folder });
    const isPostgres = (command: string) => command.includes('/postgres ');
    await eventually(() => expect(processesOf(folder).some(isPostgres)).toBe(true));
    expect(listWorktrees()).toContain(folder);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, output: expect.not.stringContaining('rror') });
    expect(processesOf(folder)).toEqual([]);
    expect(listWorktrees()).not.toContain(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
});
