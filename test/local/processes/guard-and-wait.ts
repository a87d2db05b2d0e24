import { spawn } from 'node:child_process';
import { guard } from '../../../local/processes/guard.ts';

// A process to be ended: has a guarded child that knows nothing of it, tells its id,
// and ends as it is told.
const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
guard(child, 'KILL');
process.on('message', (how) => {
  if (how === 'an error') throw new Error('to be seen by nobody');
  process.exit();
});
process.send?.(child.pid);
