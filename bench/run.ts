import { runCommand, STOPPED } from '../cli/run-command.ts';
import { benchCommand } from './command.ts';

await runCommand(benchCommand); // `npm run bench`
// What was interrupted may still wait for what is no more.
if (process.exitCode === STOPPED) process.exit();
