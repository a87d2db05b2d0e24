import { reviewCommand } from '../cli/review/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(reviewCommand); // `npm run review`
