import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
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

  it.for([
    ['the database', 'postgres', 'pgdata'],
    ['the assembly', 'cdk.out', ''],
  ] as const)('leaves nothing that a start takes for %s when it is killed meanwhile', async ([
    _,
    kept,
    inside,
  ]) => {
    const FILES = 5_000; // which take a while to delete
    const whole = join(data.folder, kept, inside);
    mkdirSync(whole, { recursive: true });
    for (let i = 0; i < FILES; i += 1) writeFileSync(join(whole, `${i}`), '');
    const child = fork(join(import.meta.dirname, 'empty-and-wait.ts'), [data.folder]);
    await eventually(() => expect(countIn(whole)).toBeLessThan(FILES));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(whole)).toBe(false);
  });
});

const countIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0);
