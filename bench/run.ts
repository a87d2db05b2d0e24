import { runCommand } from '../cli/run-command.ts';
import { benchCommand } from './command.ts';

await runCommand(benchCommand); // `npm run bench`
