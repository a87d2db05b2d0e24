import { keysCommand } from '../cli/keys/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(keysCommand); // `npm run keys`
