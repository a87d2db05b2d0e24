import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../local/aws/loopback.ts';
import type { ServiceEndpoints } from '../local/service/endpoints.ts';
import { git } from './git.ts';
import { type Program, startProgram } from './program.ts';
import type { Bench } from './subject.ts';

/** A folder that has a commit's files and packages. */
export interface Checkout {
  /** What it is called in the benchmark's folder. */
  readonly name: string;
  readonly folder: string;
}

const PROJECT = join(import.meta.dirname, '..');
const LOCKFILE = 'package-lock.json';

/** The checkout that this file belongs to, with whatever was changed in it. */
export const thisCheckout: Checkout = { name: 'this', folder: PROJECT };

/** Makes a worktree of a commit, with its packages; it is removed at the end. */
export async function checkOut(bench: Bench, commit: string): Promise<Checkout> {
  const folder = join(bench.folder, commit);
  bench.atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune'); // `remove` would refuse one that is not whole
  });
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  if (isSameFile(LOCKFILE, folder)) {
    bench.print(`${commit} is in a worktree, with the packages of this checkout`);
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  } else {
    bench.print(`${commit} is in a worktree; its ${LOCKFILE} is another: npm ci there`);
    await installPackages(bench, folder);
  }
  return { name: commit, folder };
}

const isSameFile = (file: string, folder: string) =>
  readFileSync(join(folder, file)).equals(readFileSync(join(PROJECT, file)));

async function installPackages(bench: Bench, folder: string): Promise<void> {
  const logFile = join(bench.folder, 'npm.log');
  const ci = ['ci', '--no-audit', '--no-fund'];
  const npm = bench.use(startProgram('npm', ci, { cwd: folder, logFile }));
  const how = await npm.ended;
  if (how !== 'exit code 0') throw new Error(`npm ci failed (${how}):\n${npm.lastLines()}`);
}

const POLL_MS = 100;

/**
 * Starts a checkout's whole service as its `npm start` does, on its own data folder and port. All
 * commits since aa4f3d2 take these two options, and write `endpoints.json` when they are ready.
 *
 * @throws with the last that it printed, when it does not start
 */
export async function startCheckout(bench: Bench, checkout: Checkout): Promise<ServiceEndpoints> {
  const dataDir = join(bench.folder, `${checkout.name}-data`);
  const port = await freePort();
  const logFile = join(bench.folder, `${checkout.name}.log`);
  const service = bench.use(npmStart(checkout, logFile, ['--port', `${port}`, '--data', dataDir]));
  let how: string | undefined;
  void service.ended.then((ended) => {
    how = ended;
  });
  const file = join(dataDir, 'endpoints.json');
  while (!existsSync(file)) {
    if (how !== undefined) {
      throw new Error(`The service of ${checkout.name} ended (${how}):\n${service.lastLines()}`);
    }
    await delay(POLL_MS);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** As npm does it, but without npm: the shell becomes the service, which so has the shell's id. */
function npmStart({ folder }: Checkout, logFile: string, options: readonly string[]): Program {
  const { scripts }: { scripts: { start: string } } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const path = [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return startProgram('/bin/sh', ['-c', `${scripts.start} "$@"`, 'npm start', ...options], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    logFile,
  });
}
