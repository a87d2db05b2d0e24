import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgresData } from '../../local/postgres/server.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { startService } from '../../local/service/service.ts';
import { Executed, type ExecutedByRole } from './executed.ts';
import { runScenario } from './scenario/scenario.ts';

/** What the functions of this checkout execute: of a service that is started for it, and goes. */
export async function executedNow(signal: AbortSignal): Promise<ExecutedByRole> {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-review-'));
  const executed = new Executed();
  try {
    await using service = await startService({
      dataDir: folder,
      onStatement: executed.onStatement,
      settings: { fsync: 'off' }, // nothing of it is kept
      signal,
    });
    await runScenario(service);
  } finally {
    await removePostgresData(dataFolder(folder).postgres);
    rmSync(folder, { recursive: true, force: true });
  }
  return executed.byRole();
}
