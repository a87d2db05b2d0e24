import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { ADMIN_POLICY, ADMIN_URL, stackNames } from '../../lib/names.ts';
import { pastedChoice } from '../pasted-command.ts';
import { ServiceError } from '../service-error.ts';
import { unlessAborted } from '../stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import { explainAwsError, isMissingStack } from './aws-errors.ts';
import { notAws } from './aws-says.ts';
import type { DeployedStage, Target } from './target.ts';

/** AWS answers within a second. It is asked up to three times. */
const ANSWERED_WITHIN_MS = 10_000;

/**
 * The admin of a deployed stage, whose address is an output of its API stack.
 *
 * @param signal after which it is not waited for: a program may have been asked for credentials
 * @throws {UsageError} when there is no such stack, or nobody who may see it
 * @throws {ServiceError} when AWS cannot be reached, or refuses
 */
export async function findDeployedAdmin(
  { stage, profile }: DeployedStage,
  signal: AbortSignal,
  answeredWithinMs = ANSWERED_WITHIN_MS,
): Promise<Target> {
  const { api: stackName } = stackNames(stage);
  const credentials = fromNodeProviderChain({ profile });
  const requestHandler = {
    connectionTimeout: answeredWithinMs,
    requestTimeout: answeredWithinMs,
    throwOnRequestTimeout: true,
  };
  const client = new CloudFormationClient({ credentials, profile, requestHandler });
  try {
    const getting = getStack(client, { stackName, profile });
    const { region, stack } = await unlessAborted(getting, signal);
    return {
      origin: adminOrigin(stack, stackName),
      region,
      credentials,
      title: `${stage} in ${region}`,
      chosenBy: pastedChoice({ stage, profile }),
    };
  } finally {
    client.destroy();
  }
}

async function getStack(
  client: CloudFormationClient,
  { stackName, profile }: { readonly stackName: string; readonly profile: string | undefined },
): Promise<{ readonly region: string; readonly stack: Stack }> {
  let stack: Stack | undefined;
  let region: string;
  try {
    region = await client.config.region();
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    stack = Stacks?.[0];
  } catch (cause) {
    if (isMissingStack(cause)) {
      throw new UsageError(
        `There is no stack ${stackName} in this account and region: deploy it, or choose another --stage, --profile or AWS_REGION.`,
        { cause },
      );
    }
    const ifDenied = `These credentials may not look up the stack ${stackName}: whoever deploys it attaches its policy ${ADMIN_POLICY} to you.`;
    throw explainAwsError(cause, { ifDenied, profile });
  }
  if (!stack) throw new ServiceError(notAws()); // of a stack that is not there AWS says so
  return { region, stack };
}

function adminOrigin({ Outputs = [] }: Stack, stackName: string): string {
  const url = Outputs.find(({ OutputKey }) => OutputKey === ADMIN_URL)?.OutputValue;
  if (!url) {
    throw new UsageError(`The stack ${stackName} has no admin yet: deploy this version of it.`);
  }
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new UsageError(
      `The stack ${stackName} has an ${ADMIN_URL} that is no address: deploy this version of it.`,
    );
  }
  return new URL(url).origin;
}
