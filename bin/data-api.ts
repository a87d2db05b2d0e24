import { dataApiCommand } from '../cli/data-api/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(dataApiCommand); // `npm run data-api`
