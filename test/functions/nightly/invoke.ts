// Invokes the nightly function once, in a process that a test can kill:
// node invoke.ts '{"from": …}'
import { handler } from '../../../functions/nightly/handler.ts';
import { lambdaContext } from '../../helpers/events.ts';

await handler(JSON.parse(process.argv[2] ?? '{}'), lambdaContext(900_000));
