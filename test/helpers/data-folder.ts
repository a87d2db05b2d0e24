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

/** What takes a start its time: the synthesized app, and PostgreSQL's data, migrated. */
export function prepareDataFolder(data: DataFolder): void {
  prepare(data, inject('cloud').migratedData);
}

/** The same for a start that finds PostgreSQL's data as nothing has used it yet. */
export function prepareNewDataFolder(data: DataFolder): void {
  prepare(data, inject('cloud').postgresData);
}

function prepare({ assembly, postgres }: DataFolder, postgresData: string): void {
  cpSync(inject('cloud').assembly, assembly, { recursive: true });
  copyPostgresData(postgresData, postgres);
}
