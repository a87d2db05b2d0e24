import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { initialize } from '../../../local/postgres/data-folder.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('the data of PostgreSQL', () => {
  const dataDir = temporaryFolder();
  const binDir = temporaryFolder();
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

  it.each([
    [
      'echo "UTC [1] FATAL:  insufficient file descriptors" >&2; exit 1',
      'insufficient file descriptors',
    ],
    ['echo "initdb: error: could not access it" >&2; exit 1', 'could not access it'],
    ['echo "shell command argument contains a newline" >&2; exit 1', 'shell command argument .*'],
    ['kill -KILL $$', 'initdb ended with SIGKILL'],
    ['exit 3', 'initdb ended with 3'],
  ])('is missing for a reason that is said in a sentence: %s', async (script, reason) => {
    writeFileSync(join(binDir, 'initdb'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const made = initialize({ osUser: undefined, binDir, dataDir });
    await expect(made).rejects.toThrow(MachineError);
    await expect(made).rejects.toThrow(
      new RegExp(`^PostgreSQL made no data in ${dataDir}: ${reason}\\.$`),
    );
    expect(existsSync(join(dataDir, 'pgdata'))).toBe(false);
  });
});
