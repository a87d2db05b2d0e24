import { fork } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { isRunning } from '../../../local/postgres/processes.ts';
import { synthesize } from '../../../local/service/synthesize.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';
import { eventually } from '../../helpers/eventually.ts';
import { guardOf } from '../processes/guard-of.ts';

const data = useDataFolder();
const never = new AbortController().signal;
const manifest = () => statSync(join(data.assembly, 'manifest.json'));

/** The process that writes the templates and bundles. @throws when there is none */
function appThatWritesInto(folder: string): number {
  const found = readdirSync('/proc').find((name) => {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      return environment.some((variable) => variable.startsWith(`CDK_OUTDIR=${folder}/`));
    } catch {
      return false; // no process, or one that has ended meanwhile
    }
  });
  if (found === undefined) throw new Error('There is no such process.');
  return Number(found);
}

describe('synthesize', () => {
  it('leaves an assembly of the same sources as it is, and makes one of others anew', async () => {
    cpSync(inject('cloud').assembly, data.assembly, { recursive: true });
    const before = manifest();
    await synthesize(data.assembly, never);
    expect(manifest().ino).toBe(before.ino);

    const stamp = join(data.assembly, '.sources');
    const digest = readFileSync(stamp, 'utf8');
    writeFileSync(stamp, 'of other sources');
    await synthesize(data.assembly, never);
    expect(manifest().ino).not.toBe(before.ino);
    expect(readFileSync(stamp, 'utf8')).toBe(digest);
    expect(readdirSync(data.folder)).toEqual(['cdk.out']);
  });

  it('ends with the process that started it', async () => {
    mkdirSync(data.folder);
    const child = fork(join(import.meta.dirname, 'synthesize-and-wait.ts'), [data.folder]);
    const app = await eventually(() => appThatWritesInto(data.folder));
    await eventually(() => guardOf(app)); // begun a moment later
    child.kill('SIGKILL');
    await eventually(() => expect(isRunning(app)).toBe(false));
    expect(readdirSync(data.folder)).toEqual([]); // the CDK takes seconds before it writes
  });
});
