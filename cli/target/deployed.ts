import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { ADMIN_URL, stackNames } from '../../lib/names.ts';
import { pastedChoice } from '../pasted-command.ts';
import { unlessAborted } from '../stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import { explainAwsError } from './aws-errors.ts';
import type { DeployedStage, Target } from './target.ts';

/**
 * The admin of a deployed stage, whose address is an output of its API stack.
 *
 * @param signal after which it is not waited for: a program may have been asked for credentials
 * @throws {UsageError} when there is no such stack, or nobody who may see it
 */
export function findDeployedAdmin(stage: DeployedStage, signal: AbortSignal): Promise<Target> {
  return unlessAborted(askForAdmin(stage), signal);
}

async function askForAdmin({ stage, profile }: DeployedStage): Promise<Target> {
  const { api: stackName } = stackNames(stage);
  const credentials = fromNodeProviderChain({ profile });
  const client = new CloudFormationClient({ credentials, profile });
  try {
    const region = await client.config.region();
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    const url = outputs.find(({ OutputKey }) => OutputKey === ADMIN_URL)?.OutputValue;
    if (!url) {
      throw new UsageError(`The stack ${stackName} has no admin yet: deploy this version of it.`);
    }
    const { origin } = new URL(url);
    return {
      origin,
      region,
      credentials,
      title: `${stage} in ${region}`,
      chosenBy: pastedChoice({ stage, profile }),
    };
  } catch (error) {
    throw explainAwsError(error, { stackName, profile });
  } finally {
    client.destroy();
  }
}
