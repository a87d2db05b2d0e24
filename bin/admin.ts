import { adminCommand } from '../cli/admin/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(adminCommand); // `npm run admin`
