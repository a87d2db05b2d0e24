import { fork } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { readCloudAssembly } from '../../../local/cloud-assembly/read.ts';
import { MachineError } from '../../../local/machine-error.ts';
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
  it.each([
    ['a folder', () => mkdirSync(data.assembly, { recursive: true })],
    ['a file', () => mkdirSync(data.folder)],
  ])('leaves %s of somebody else alone', async (kind, make) => {
    make();
    const theirs = kind === 'a file' ? data.assembly : join(data.assembly, 'mine.txt');
    writeFileSync(theirs, 'precious');
    await expect(synthesize(data.assembly, never)).rejects.toThrow(
      new MachineError(`${data.assembly} holds something else than is kept there: move it away.`),
    );
    expect(readFileSync(theirs, 'utf8')).toBe('precious');
  });

  it('leaves an assembly of the same sources as it is, and makes one anew that is not whole', async () => {
    cpSync(inject('cloud').assembly, data.assembly, { recursive: true });
    const before = manifest();
    const stamp = readFileSync(join(data.assembly, '.sources'), 'utf8');
    await synthesize(data.assembly, never);
    expect(manifest().ino).toBe(before.ino);

    const files = readdirSync(data.assembly, { recursive: true, encoding: 'utf8' });
    const template = files.find((file) => file.endsWith('.template.json')) ?? '';
    writeFileSync(join(data.assembly, template), ''); // as a power cut leaves it
    await synthesize(data.assembly, never);
    expect(manifest().ino).not.toBe(before.ino);
    expect(() => readCloudAssembly(data.assembly)).not.toThrow();
    expect(readFileSync(join(data.assembly, '.sources'), 'utf8')).toBe(stamp);
    expect(readdirSync(data.folder)).toEqual(['cdk.out']);
  });

  it('ends with the process that started it', async () => {
    mkdirSync(data.folder);
    const child = fork(join(import.meta.dirname, 'synthesize-and-wait.ts'), [data.folder]);
    const app = await eventually(() => appThatWritesInto(data.folder));
    process.kill(app, 'SIGSTOP'); // or it may come to its end by itself
    await eventually(() => guardOf(app)); // begun a moment later
    child.kill('SIGKILL');
    await eventually(() => expect(isRunning(app)).toBe(false));
  });
});
