import { nightlyCommand } from '../cli/nightly/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(nightlyCommand); // `npm run nightly`
