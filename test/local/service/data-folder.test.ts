import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { emptyDataFolder } from '../../../local/service/data-folder.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';

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
});
