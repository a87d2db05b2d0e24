import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, inject } from 'vitest';
import { removePostgresData } from '../../local/postgres/server.ts';
import { type DataFolder, dataFolder } from '../../local/service/data-folder.ts';
import { copyPostgresData } from './postgres-data.ts';

/** A data folder for each test of a file, deleted after it; not made yet, as at a first start. */
export function useDataFolder(): DataFolder {
  const data = {} as DataFolder;
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'order-analytics-start-'));
    Object.assign(data, dataFolder(join(parent, 'data')));
  });
  afterEach(async () => {
    await removePostgresData(data.postgres);
    rmSync(parent, { recursive: true });
  });
  return data;
}

/**
 * What takes a first start its time: the synthesized app, and PostgreSQL's data as nothing has used
 * it yet.
 */
export function prepareDataFolder({ assembly, postgres }: DataFolder): void {
  const cloud = inject('cloud');
  cpSync(cloud.assembly, assembly, { recursive: true });
  copyPostgresData(cloud.postgresData, postgres);
}
