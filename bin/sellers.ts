import { runCommand } from '../cli/run-command.ts';
import { sellersCommand } from '../cli/sellers/command.ts';

await runCommand(sellersCommand); // `npm run sellers`
