import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a child when this process ends, however that is: also by SIGKILL, of which nobody is told. A
 * shell of a few hundred KiB waits for a line or for the end of its input; only the system can
 * bring the latter. Windows has no such shell: there what is left is found by the next start.
 */
export function guard(child: ChildProcess, signal: 'INT' | 'KILL'): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', signal, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true, // what ends us, such as Ctrl-C, must not end it
  });
  shell.on('error', () => {}); // without it we are as careful as we can be
  shell.stdin.on('error', () => {});
  child.once('exit', () => shell.stdin.end('the child has ended\n'));
  shell.unref();
}

/** $1 is the signal, $2 whom it is for. */
const SCRIPT = 'read -r line || kill -s "$1" "$2"';
