import {
  CloudWatchLogsClient,
  DescribeResourcePoliciesCommand,
  type ResourcePolicy,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AwsConfig, Check } from '../finding.ts';

/**
 * The policies by which services may write logs, in a region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const MAX_POLICIES = 10;
const MAX_CHARACTERS = 5_120;

/** What the first access log of this kind adds, generously. */
const STATEMENT_CHARACTERS = 500;

/** By which API Gateway is let write access logs; AWS keeps it. */
const DELIVERY = /^AWSLogDelivery/;

/** Whether API Gateway can still be let write the access log. */
export const logPolicies: Check = {
  title: 'log policies',
  async find({ aws }) {
    const policies = await listPolicies(aws);
    const advice =
      'Take policies away that nothing needs: aws logs describe-resource-policies, delete-resource-policy.';
    if (policies.some(({ policyDocument = '' }) => policyDocument.includes('/aws/vendedlogs/'))) {
      return [{ level: 'ok', says: 'Logs below /aws/vendedlogs/ may be written already' }];
    }
    const delivery = policies.find(({ policyName = '' }) => DELIVERY.test(policyName));
    const characters = delivery?.policyDocument?.length ?? 0;
    if (characters + STATEMENT_CHARACTERS > MAX_CHARACTERS) {
      const says = `The policy ${delivery?.policyName} has ${characters} of ${MAX_CHARACTERS} characters: the access log does not fit any more.`;
      return [{ level: 'problem', says, advice }];
    }
    if (!delivery && policies.length >= MAX_POLICIES) {
      const says = `There are ${policies.length} resource policies of logs, of ${MAX_POLICIES}: the access log needs one more.`;
      return [{ level: 'problem', says, advice }];
    }
    const says = `${policies.length} of ${MAX_POLICIES} policies, ${characters} of ${MAX_CHARACTERS} characters`;
    return [{ level: 'ok', says }];
  },
};

async function listPolicies(aws: AwsConfig): Promise<ResourcePolicy[]> {
  const client = new CloudWatchLogsClient(aws);
  try {
    const found: ResourcePolicy[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(new DescribeResourcePoliciesCommand({ nextToken }));
      found.push(...(page.resourcePolicies ?? []));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return found;
  } finally {
    client.destroy();
  }
}
