import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { initialize } from '../../../local/postgres/data-folder.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('the data of PostgreSQL', () => {
  const dataDir = temporaryFolder();
  // By another path that a shell would read in its own way, another program would be run.
  it.each([
    '$HOME',
    '`x`',
    'a"b',
    'a\\b',
    'a\nb',
  ])('is not made by programs in %j', async (name) => {
    const made = initialize({ osUser: undefined, binDir: join('/srv', name, 'bin'), dataDir });
    await expect(made).rejects.toThrow(MachineError);
    await expect(made).rejects.toThrow(
      /^PostgreSQL makes no data from a folder whose name has .*: move this project/,
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
