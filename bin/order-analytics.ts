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
  // From the CDK's command line, which names an account only to whom it may deploy for, and a
  // region, if only its default, in any case.
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  createStacks(app, getStage(stage), account ? { ...options, region } : options);
} catch (error) {
  if (!(error instanceof DeployOptionError)) throw error;
  console.error(error.message);
  process.exit(1); // or the app would be synthesized without its stacks
}
