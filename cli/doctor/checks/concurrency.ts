import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { resourcesIn, resourcesOf, type Template } from '../../templates/assembly.ts';
import type { AwsConfig, Check, Examined, Finding } from '../finding.ts';
import { findTemplate } from '../stacks.ts';

/** Lambda keeps so much for functions that reserve nothing. */
const KEPT_UNRESERVED = 100;

/** Whether Lambda runs as much at once as the API lets in and functions reserve. */
export const concurrency: Check = {
  title: 'concurrency',
  async find(examined) {
    const { total, unreserved } = await accountLimits(examined.aws);
    const more = reservedBy(templates(examined)) - reservedBy(await deployed(examined));
    const left = unreserved - more;
    if (more > 0 && left < KEPT_UNRESERVED) {
      return [
        {
          level: 'problem',
          says: `Functions reserve ${more} more of the ${unreserved} that are free of ${total}; Lambda keeps ${KEPT_UNRESERVED}.`,
          advice: 'Ask Service Quotas for more "Concurrent executions", or reserve less.',
        },
      ];
    }
    return [bursts(greatestBurst(examined), left, total)];
  },
};

async function accountLimits(aws: AwsConfig) {
  const client = new LambdaClient(aws);
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const total = AccountLimit?.ConcurrentExecutions ?? 0;
    return { total, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? total };
  } finally {
    client.destroy();
  }
}

function bursts(burst: number, left: number, total: number): Finding {
  if (burst > left) {
    return {
      level: 'warning',
      says: `The API lets ${burst} requests of a route in at once; Lambda runs ${left} of ${total} at once, and the rest is answered 5xx.`,
      advice:
        'Ask Service Quotas for more "Concurrent executions", or lower throttles in lib/stages.ts.',
    };
  }
  return { level: 'ok', says: `${left} of ${total} at once for bursts of up to ${burst}` };
}

const templates = ({ assembly }: Examined) => assembly.stacks.map(({ template }) => template);

async function deployed({ aws, assembly }: Examined): Promise<Template[]> {
  const found: Template[] = [];
  for (const { name } of assembly.stacks) {
    const template = await findTemplate(aws, name);
    if (template) found.push(template);
  }
  return found;
}

function reservedBy(all: readonly Template[]): number {
  return all
    .flatMap((template) => resourcesIn(template, 'AWS::Lambda::Function'))
    .reduce((sum, { Properties }) => sum + (Properties.ReservedConcurrentExecutions ?? 0), 0);
}

function greatestBurst({ assembly }: Examined): number {
  const settings = resourcesOf(assembly, 'AWS::ApiGatewayV2::Stage').flatMap(({ Properties }) => [
    Properties.DefaultRouteSettings ?? {},
    ...Object.values<{ ThrottlingBurstLimit?: number }>(Properties.RouteSettings ?? {}),
  ]);
  return Math.max(0, ...settings.map(({ ThrottlingBurstLimit = 0 }) => ThrottlingBurstLimit));
}
