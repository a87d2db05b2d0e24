import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forPeople } from '../../cli/for-people.ts';
import { useDataFolder } from '../helpers/data-folder.ts';
import { thrownBy } from '../helpers/thrown-by.ts';

const data = useDataFolder();

it.each([
  ['a folder for a file to be written', () => writeFileSync(data.pid, ''), 'pid', 'EISDIR'],
  ['a folder for a file to be deleted', () => rmSync(data.pid), 'pid', 'ERR_FS_EISDIR'],
  ['a file for a folder to be made', () => mkdirSync(data.logs), 'logs', 'EEXIST'],
  ['a file for a folder to be read', () => readdirSync(data.logs), 'logs', 'ENOTDIR'],
  ['a folder for a file to be replaced', () => renameSync(data.logs, data.pid), 'logs', 'EISDIR'],
])('says in a sentence what is in the way: %s', (_what, action, name, code) => {
  mkdirSync(data.pid, { recursive: true });
  writeFileSync(data.logs, '');
  const error = thrownBy(action);
  expect(error).toMatchObject({ code });
  const said = forPeople(error);
  expect(said).toMatch(/^\S+ cannot be used: .+\.$/);
  expect(said).toContain(`${join(data.folder, name)} cannot be used`);
});

it('says all that is known of what a program has done wrong', () => {
  const missing = thrownBy(() => readdirSync(data.logs));
  expect(missing).toMatchObject({ code: 'ENOENT' });
  expect(forPeople(missing)).toBe(missing);
});
