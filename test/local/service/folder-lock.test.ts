import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../local/machine-error.ts';
import { readRunningEndpoints } from '../../../local/service/endpoints.ts';
import { folderHolder, lockDataFolder } from '../../../local/service/folder-lock.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';

const data = useDataFolder();

describe('lockDataFolder', () => {
  it('makes the folder and admits one at a time', () => {
    const lock = lockDataFolder(data);
    expect(() => lockDataFolder(data)).toThrow(
      new MachineError(`${data.folder} is in use by another process (${process.pid}).`),
    );
    lock.release();
    lockDataFolder(data).release();
    expect(existsSync(data.pid)).toBe(false);
  });

  it('admits the next one when the process that has it is killed', async () => {
    const child = fork(join(import.meta.dirname, 'lock-and-wait.ts'), [data.folder]);
    await once(child, 'message');
    expect(() => lockDataFolder(data)).toThrow(`another process (${child.pid})`);

    child.kill('SIGKILL');
    await once(child, 'exit');
    lockDataFolder(data).release();
  });

  it('knows who has the folder, whatever process has the id of one that was killed', async () => {
    expect(folderHolder(data)).toBeUndefined();
    const child = fork(join(import.meta.dirname, 'lock-and-wait.ts'), [data.folder]);
    await once(child, 'message');
    expect(folderHolder(data)).toBe(String(child.pid));

    child.kill('SIGKILL');
    await once(child, 'exit');
    writeFileSync(data.pid, String(process.pid)); // as when the id is given again
    writeFileSync(data.endpoints, JSON.stringify({ pid: process.pid }));
    expect(folderHolder(data)).toBeUndefined();
    expect(readRunningEndpoints(data)).toBeUndefined();

    const lock = lockDataFolder(data);
    expect(readRunningEndpoints(data)).toEqual({ pid: process.pid });
    lock.release();
  });

  it.runIf(existsSync('/dev/full'))('needs no room, of which a full disk has none', () => {
    mkdirSync(`${data.lock}-journal`, { recursive: true }); // so that SQLite has none, either
    symlinkSync('/dev/full', data.pid);
    const lock = lockDataFolder(data);
    expect(() => lockDataFolder(data)).toThrow('is in use by another process.');
    lock.sign(); // there is room by now
    expect(folderHolder(data)).toBe(String(process.pid));
    lock.release();
  });

  it('says why a folder cannot be used', () => {
    writeFileSync(data.folder, 'a file');
    expect(() => lockDataFolder(data)).toThrow(
      expect.objectContaining({
        name: 'MachineError',
        message: expect.stringMatching(/^.*data cannot be used: .*EEXIST.*\.$/),
      }),
    );
  });
});
