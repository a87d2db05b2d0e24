import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers } from '../../../local/postgres/processes.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'order-analytics-processes-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what is left on a data folder', () => {
  it.each([
    ['ended with it where a shell is about to start a server', '"/bin/postgres" --boot', 'SIGKILL'],
    ['left where somebody works in the folder', 'vi postgresql.conf', null],
  ])('is %s', async (_what, command, expected) => {
    const shell = spawn('sh', ['-c', `echo; read line; ${command}`], { cwd: folder });
    const ended = once(shell, 'exit');
    await once(shell.stdout, 'data');
    await endLeftovers(folder);
    if (!expected) shell.kill('SIGTERM');
    expect(await ended).toEqual([null, expected ?? 'SIGTERM']);
  });
});
