import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../../local/postgres/processes.ts';
import { eventually } from '../../helpers/eventually.ts';

describe('guard', () => {
  it.each([
    'SIGKILL',
    'an error',
    'an exit',
  ])('ends the child when its parent is ended by %s', async (how) => {
    const parent = fork(join(import.meta.dirname, 'guard-and-wait.ts'), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [pid] = (await once(parent, 'message')) as [number];
    expect(isRunning(pid)).toBe(true);
    if (how === 'SIGKILL') parent.kill(how);
    else parent.send(how);
    await once(parent, 'exit');
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });
});
