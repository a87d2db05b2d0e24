import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { emptyDataFolder } from '../../../local/service/data-folder.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';
import { eventually } from '../../helpers/eventually.ts';

const data = useDataFolder();

describe('emptyDataFolder', () => {
  it('says what it deletes and leaves what is not ours', async () => {
    for (const folder of [data.postgres, data.assembly]) mkdirSync(folder, { recursive: true });
    const notes = join(data.folder, 'notes.txt');
    writeFileSync(notes, 'mine');

    const say = vi.fn();
    await emptyDataFolder(data, say);
    expect(say.mock.calls).toEqual([[`Deleting ${data.postgres}, ${data.assembly}`]]);
    expect(existsSync(data.postgres)).toBe(false);
    expect(existsSync(data.assembly)).toBe(false);
    expect(readFileSync(notes, 'utf8')).toBe('mine');
  });

  it('says so when there is nothing to delete', async () => {
    const say = vi.fn();
    await emptyDataFolder(data, say);
    expect(say.mock.calls).toEqual([[`There is nothing to delete in ${data.folder}`]]);
  });

  it.each([
    ['logs/mine.txt', 'logs/mine.txt'],
    ['logs', 'logs'],
    ['postgres/notes.txt', 'postgres/notes.txt'],
    ['postgres/pgdata/PG_VERSION', 'postgres/pgdata'], // another server's, as containers keep it
    ['cdk.out/mine.txt', 'cdk.out'],
  ])('deletes nothing where somebody has put %s', async (theirs, named) => {
    write({ 'demo-key': 'oa_test_', [theirs]: 'precious' });
    await expect(emptyDataFolder(data, () => {})).rejects.toThrow(
      new MachineError(
        `Nothing is deleted, since something else is there: ${join(data.folder, named)}; move it away, or name another folder.`,
      ),
    );
    expect(readFileSync(join(data.folder, theirs), 'utf8')).toBe('precious');
    expect(existsSync(data.demoKey)).toBe(true);
  });

  it.each(['demo-key', 'demo.json'])('deletes nothing where %s is of somebody', async (theirs) => {
    write({ [theirs]: '{}', 'logs/functions.log': '' });
    await expect(emptyDataFolder(data, () => {})).rejects.toThrow(
      new MachineError(
        `${join(data.folder, theirs)} holds something else than is kept there: move it away.`,
      ),
    );
    expect(allIn(data.folder)).toEqual([theirs, 'logs', 'logs/functions.log']);
  });

  it.each([
    [
      'while it made its data',
      { 'postgres/pgdata.unfinished/PG_VERSION': '18', 'postgres/password': 'x' },
    ],
    ['while it deleted its data', { 'postgres/pgdata.unfinished/PG_VERSION': '18' }],
    ['while it wrote a password', { 'postgres/password.unfinished': '' }],
    ['by a power cut', { 'demo-key': '\0'.repeat(85), 'demo.json': '', 'cdk.out/.sources': '' }],
    ['while it ran', { 'postgres/pgdata/PG_VERSION': '18', 'postgres/server.log': 'LOG' }],
    ['and looked at', { 'logs/.DS_Store': '', 'logs/.functions.log.swp': '' }],
  ])('deletes what is left of a start that was ended %s', async (_when, left) => {
    write(left);
    await emptyDataFolder(data, () => {});
    expect(allIn(data.folder)).toEqual([]);
  });

  it('deletes a link whose folder is gone', async () => {
    mkdirSync(data.folder);
    symlinkSync(join(data.folder, 'gone'), data.postgres);
    await emptyDataFolder(data, () => {});
    expect(allIn(data.folder)).toEqual([]);
  });

  it.for([
    ['the database', 'postgres', 'pgdata', 'password'],
    ['the assembly', 'cdk.out', '', 'manifest.json'],
  ] as const)('leaves nothing that a start takes for %s when it is killed meanwhile', async ([
    _,
    kept,
    inside,
    mark,
  ]) => {
    const FILES = 5_000; // which take a while to delete
    const whole = join(data.folder, kept, inside);
    mkdirSync(whole, { recursive: true });
    writeFileSync(join(data.folder, kept, mark), '');
    for (let i = 0; i < FILES; i += 1) writeFileSync(join(whole, `${i}`), '');
    const child = fork(join(import.meta.dirname, 'empty-and-wait.ts'), [data.folder]);
    const ended = once(child, 'exit');
    await eventually(() => expect(countIn(whole)).toBeLessThan(FILES));
    child.kill('SIGKILL');
    await ended; // or it has ended by itself, on a machine that looks late
    expect(existsSync(whole)).toBe(false);
  });
});

const countIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0);

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(data.folder, name)), { recursive: true });
    writeFileSync(join(data.folder, name), text);
  }
}

const allIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
