import { runCommand } from '../cli/run-command.ts';
import { smokeCommand } from '../cli/smoke/command.ts';

await runCommand(smokeCommand); // `npm run smoke`
