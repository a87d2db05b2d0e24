import { createApp } from '../lib/app.ts';
import { assertTemporaryFolder } from '../lib/assert-temporary-folder.ts';
import { DeployOptionError } from '../lib/deploy-option-error.ts';
import { readDeployOptions } from '../lib/deploy-options.ts';
import { createStacks } from '../lib/stacks.ts';
import { getStage } from '../lib/stages.ts';

try {
  assertTemporaryFolder();
  const app = createApp();
  const { stage = 'dev', ...options } = readDeployOptions(app);
  const { CDK_DEFAULT_REGION: region } = process.env; // from the CDK's command line
  createStacks(app, getStage(stage), { ...options, region });
} catch (error) {
  if (!(error instanceof DeployOptionError)) throw error;
  console.error(error.message);
  process.exit(1); // or the app would be synthesized without its stacks
}
