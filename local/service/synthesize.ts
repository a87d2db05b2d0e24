import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MachineError } from '../machine-error.ts';
import { guard } from '../processes/guard.ts';

const PROJECT = join(import.meta.dirname, '../..');
const APP = join(PROJECT, 'bin/order-analytics.ts');

/** What an assembly is made of; the lockfile stands for the packages. */
const SOURCES = ['bin', 'lib', 'functions', 'db', 'docs/openapi.json', 'package-lock.json'];

/**
 * Synthesizes the CDK app into `directory`, as `cdk synth` would, unless that holds what the same
 * sources gave before. It runs in a process of its own: the CDK would keep this one from anything
 * else for three seconds.
 *
 * @throws {MachineError} with what the app printed, when it fails
 */
export async function synthesize(
  directory: string,
  signal: AbortSignal,
  log: (line: string) => void = () => {},
): Promise<void> {
  const digest = sourcesDigest();
  if (readIfThere(join(directory, STAMP)) === digest) return;
  log('Synthesizing the CDK app');
  for (const earlier of unfinishedIn(directory)) rmSync(earlier, { recursive: true, force: true });
  // Of its own for each time: what a killed one still writes does not come among
  // what this one does.
  const unfinished = newUnfinished(directory);
  try {
    const app = promisify(execFile)(process.execPath, [APP], {
      // Its own checks of the templates, which every deploy makes, take two thirds of the time.
      env: { ...process.env, CDK_OUTDIR: unfinished, CDK_VALIDATION: 'false' },
      signal,
    });
    guard(app.child, 'KILL');
    await app;
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new MachineError(`The CDK app does not synthesize.\n${stderr || message}`, { cause });
  }
  writeFileSync(join(unfinished, STAMP), digest);
  removeAssembly(directory); // or bundles of earlier sources pile up
  renameSync(unfinished, directory);
}

/**
 * Deletes an assembly. A deletion that is killed leaves half of it, perhaps with its stamp:
 * by then it has another name.
 */
export function removeAssembly(directory: string): void {
  if (!lstatSync(directory, { throwIfNoEntry: false })) return;
  const unfinished = newUnfinished(directory);
  renameSync(directory, unfinished);
  rmSync(unfinished, { recursive: true, force: true });
}

const STAMP = '.sources';
const UNFINISHED = '.unfinished-';
const newUnfinished = (directory: string) => `${directory}${UNFINISHED}${randomUUID()}`;

/** What runs that were ended before their time have left beside `directory`. */
function unfinishedIn(directory: string): string[] {
  const parent = dirname(directory);
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(directory)}${UNFINISHED}`))
    .map((name) => join(parent, name));
}

/** The same for as long as `synthesize` would make the same. */
export function sourcesDigest(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of SOURCES.flatMap(filesOf)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(PROJECT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The file itself, or a folder's files, in a fixed order. */
function filesOf(source: string): string[] {
  if (source.includes('.')) return [source];
  return readdirSync(join(PROJECT, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length + 1))
    .sort();
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
