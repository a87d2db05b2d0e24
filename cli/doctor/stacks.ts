import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isMissingStack } from '../target/aws-errors.ts';
import type { Template } from '../templates/assembly.ts';
import type { AwsConfig } from './finding.ts';

/**
 * A deployed stack; `undefined` when there is none, and when its first deploy failed: the next one
 * makes all of it anew.
 */
export async function findStack(aws: AwsConfig, name: string): Promise<Stack | undefined> {
  const stack = await findStackInAnyState(aws, name);
  return stack && isFailedCreation(stack) ? undefined : stack;
}

/** Whether the first deploy failed. The CDK deletes such a stack before it makes it anew. */
export const isFailedCreation = ({ StackStatus }: Stack) =>
  StackStatus === 'ROLLBACK_COMPLETE' || StackStatus === 'ROLLBACK_FAILED';

/** A stack, whatever has become of it; `undefined` when there is none. */
export async function findStackInAnyState(
  aws: AwsConfig,
  name: string,
): Promise<Stack | undefined> {
  const client = new CloudFormationClient(aws);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    // What a change set has begun to make, and nobody has let it.
    return stack?.StackStatus === 'REVIEW_IN_PROGRESS' ? undefined : stack;
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** What a stack was deployed from; `undefined` when there is none. */
export async function findTemplate(aws: AwsConfig, name: string): Promise<Template | undefined> {
  if (!(await findStack(aws, name))) return undefined;
  const client = new CloudFormationClient(aws);
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: name }));
    return JSON.parse(TemplateBody);
  } finally {
    client.destroy();
  }
}

/** The value of a stack's output. */
export function outputOf({ Outputs = [] }: Stack, key: string): string | undefined {
  return Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}
