import { openApiCommand } from '../cli/openapi/command.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(openApiCommand); // `npm run openapi`
