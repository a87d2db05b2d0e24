import { forPeople } from '../cli/for-people.ts';
import { parseKeysOptions, USAGE } from '../cli/keys/options.ts';
import { runKeys } from '../cli/keys/run.ts';
import { findDeployedAdmin } from '../cli/target/deployed.ts';
import { findLocalAdmin } from '../cli/target/local.ts';

// `npm run keys`: makes, lists, rotates and revokes sellers' keys, of a local service or a deployed one.

process.title = 'order-analytics keys'; // instead of the arguments, which everybody on this machine sees

try {
  const options = parseKeysOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else {
    const { of, command } = options;
    const target = 'stage' in of ? await findDeployedAdmin(of) : findLocalAdmin(of);
    console.log(await runKeys(target, command));
  }
} catch (error) {
  process.exitCode = 1;
  console.error(forPeople(error));
}
