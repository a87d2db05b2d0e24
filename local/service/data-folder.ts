import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MachineError } from '../machine-error.ts';
import { listForeign } from '../postgres/data-folder.ts';
import { removePostgresData } from '../postgres/server.ts';
import { KEPT_AS, readKept } from './kept-file.ts';
import { isAssembly, removeAssembly } from './synthesize.ts';

/** What `npm start` keeps in its data folder. */
export function dataFolder(folder: string) {
  return {
    folder,
    postgres: join(folder, 'postgres'),
    assembly: join(folder, 'cdk.out'),
    logs: join(folder, 'logs'),
    endpoints: join(folder, 'endpoints.json'),
    admin: join(folder, 'admin.html'),
    demoKey: join(folder, 'demo-key'),
    demo: join(folder, 'demo.json'),
    lock: join(folder, 'lock'),
    pid: join(folder, 'pid'),
  };
}

export type DataFolder = ReturnType<typeof dataFolder>;

/**
 * Deletes what earlier runs left, and nothing else that a person may have put there.
 *
 * @param say told what is about to be deleted
 * @throws {MachineError} when something of somebody else's is in the way; nothing is deleted then
 */
export async function emptyDataFolder(
  data: DataFolder,
  say: (line: string) => void,
): Promise<void> {
  const found = [data.postgres, data.assembly, data.logs, data.demoKey, data.demo].filter((path) =>
    lstatSync(path, { throwIfNoEntry: false }),
  );
  if (found.length === 0) return say(`There is nothing to delete in ${data.folder}`);
  refuseForeign(data);
  say(`Deleting ${found.join(', ')}`);
  await removePostgresData(data.postgres);
  removeAssembly(data.assembly);
  for (const path of found) rmSync(path, { recursive: true, force: true });
}

/** @throws {MachineError} */
function refuseForeign(data: DataFolder): void {
  const foreign = [
    ...foreignIn(data.postgres, listForeign),
    ...(isAssembly(data.assembly) ? [] : [data.assembly]),
    ...foreignIn(data.logs, listForeignLogs),
  ];
  if (foreign.length > 0) {
    throw new MachineError(
      `Nothing is deleted, since something else is there: ${foreign.join(', ')}; move it away, or name another folder.`,
    );
  }
  readKept(data.demoKey, KEPT_AS.demoKey);
  readKept(data.demo, KEPT_AS.demo);
}

/** @param list of a folder, which may be behind a link */
function foreignIn(path: string, list: (folder: string) => string[]): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  return found.isDirectory() ? list(path) : [path];
}

function listForeignLogs(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !/^(?:\.?functions\.log|\.DS_Store$)/.test(name)) // with what editors leave
    .map((name) => join(folder, name));
}
