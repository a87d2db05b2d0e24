import { doctorCommand } from '../cli/doctor/command.ts';
import { runCommand, STOPPED } from '../cli/run-command.ts';

await runCommand(doctorCommand); // `npm run doctor`
// What was interrupted may still wait for AWS.
if (process.exitCode === STOPPED) process.exit();
