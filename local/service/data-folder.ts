import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removePostgresData } from '../postgres/server.ts';
import { removeAssembly } from './synthesize.ts';

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
 */
export async function emptyDataFolder(
  data: DataFolder,
  say: (line: string) => void,
): Promise<void> {
  const found = [data.postgres, data.assembly, data.logs, data.demoKey, data.demo].filter((path) =>
    lstatSync(path, { throwIfNoEntry: false }),
  );
  if (found.length === 0) return say(`There is nothing to delete in ${data.folder}`);
  say(`Deleting ${found.join(', ')}`);
  await removePostgresData(data.postgres);
  removeAssembly(data.assembly);
  for (const path of found) rmSync(path, { recursive: true, force: true });
}
