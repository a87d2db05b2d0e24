import { doctorCommand } from '../cli/doctor/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(doctorCommand); // `npm run doctor`
