import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MachineError } from '../machine-error.ts';
import { guard } from '../processes/guard.ts';
import { isFileThere } from '../regular-file.ts';
import { PROJECT, STAMP, sourcesDigest, stampOf } from './assembly-stamp.ts';

const APP = join(PROJECT, 'bin/order-analytics.ts');

/**
 * Synthesizes the CDK app into `directory`, as `cdk synth` would, unless that holds, byte for byte,
 * what the same sources gave before. It runs in a process of its own: the CDK would keep this one
 * from anything else for three seconds.
 *
 * @throws {MachineError} with what the app printed, when it fails, or when somebody's own files
 * are in `directory`
 */
export async function synthesize(
  directory: string,
  signal: AbortSignal,
  log: (line: string) => void = () => {},
): Promise<void> {
  const digest = sourcesDigest();
  const stamp = join(directory, STAMP);
  if (isFileThere(stamp) && readFileSync(stamp, 'utf8') === stampOf(directory, digest)) return;
  if (!isAssembly(directory)) {
    throw new MachineError(`${directory} holds something else than is kept there: move it away.`);
  }
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
  writeFileSync(join(unfinished, STAMP), stampOf(unfinished, digest));
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

/** Whether there is nothing of anybody else's in a directory. */
export function isAssembly(directory: string): boolean {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) return true;
  const names = found.isDirectory() ? readdirSync(directory) : [directory];
  return names.length === 0 || names.some((name) => MARKS.has(name));
}

const MARKS: ReadonlySet<string> = new Set([STAMP, 'manifest.json', 'cdk.out']);
const UNFINISHED = '.unfinished-';
const newUnfinished = (directory: string) => `${directory}${UNFINISHED}${randomUUID()}`;

/** What runs that were ended before their time have left beside `directory`. */
function unfinishedIn(directory: string): string[] {
  const parent = dirname(directory);
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(directory)}${UNFINISHED}`))
    .map((name) => join(parent, name));
}
