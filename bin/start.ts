import { runCommand } from '../cli/run-command.ts';
import { startCommand } from '../cli/start/command.ts';

await runCommand(startCommand); // `npm start`
