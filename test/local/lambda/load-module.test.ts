import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModule } from '../../../local/lambda/load-module.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const EXPORTS = { mjs: 'export const from = "mjs";', cjs: 'exports.from = "cjs";' };

describe('loadModule', () => {
  const parent = temporaryFolder();
  const newFolder = () => mkdtempSync(join(parent, 'bundle-'));

  it.each([
    { files: ['mjs'], loads: 'mjs' },
    { files: ['cjs'], loads: 'cjs' },
    { files: ['cjs', 'mjs'], loads: 'mjs' },
  ] as const)('loads of $files the .$loads file', async ({ files, loads }) => {
    const folder = newFolder();
    for (const kind of files) writeFileSync(join(folder, `index.${kind}`), EXPORTS[kind]);
    expect(await loadModule(join(folder, 'index'))).toMatchObject({ from: loads });
  });

  it('tells which file there is not', async () => {
    await expect(loadModule(join(newFolder(), 'index'))).rejects.toThrow('index.mjs');
  });
});
