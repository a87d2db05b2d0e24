import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNightlyFunction } from '../../../cli/nightly/service.ts';
import { ServiceError } from '../../../cli/service-error.ts';
import { dataFolder } from '../../../local/service/data-folder.ts';
import { lockDataFolder } from '../../../local/service/folder-lock.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('findNightlyFunction', () => {
  const data = dataFolder(temporaryFolder());

  it.each([
    ['gone', () => {}],
    ['empty', () => mkdirSync(data.assembly)],
    ['damaged', () => writeFileSync(join(data.assembly, 'manifest.json'), '')],
  ])('says so where the assembly of the running service is %s', async (_what, spoil) => {
    const lock = lockDataFolder(data);
    writeFileSync(data.endpoints, JSON.stringify({ pid: process.pid }));
    spoil();
    const found = findNightlyFunction(data.folder, () => {}, new AbortController().signal);
    await expect(found).rejects.toThrow(
      new ServiceError(
        `${data.assembly} is not as the npm start on ${data.folder} made it: end that, and start it again.`,
      ),
    );
    lock.release();
  });
});
