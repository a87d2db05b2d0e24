import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Assembly, Template } from '../../../cli/templates/assembly.ts';
import type { DatabaseAddress } from '../../../db/data-api/connect.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';

/** A stack as the account has it. */
export interface StackInAccount {
  readonly status?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly template?: Template;
  /** Against being deleted. */
  readonly isProtected?: boolean;
}

/** What an account and region have, and refuse. */
export interface Account {
  stacks: Record<string, StackInAccount>;
  /** Versions of aurora-postgresql, and whether each has the Data API, where AWS says so. */
  engines: Record<string, boolean | undefined>;
  /** Zones, by the classes of instances that each of these versions has there. */
  zones: Record<string, readonly string[]>;
  concurrency: { total: number; unreserved: number };
  /** Resource policies of logs, by their names. */
  logPolicies: Record<string, string>;
  /** Operations that are refused, with the error's name and message. */
  refused: Record<string, { readonly name: string; readonly message: string }>;
}

/** One in which all is as it should be, and the stage is deployed as it is now. */
export function soundAccount({ stacks }: Assembly, database: DatabaseAddress): Account {
  const outputs = { ClusterArn: database.resourceArn, MasterSecretArn: database.secretArn };
  const deployed = stacks.map(({ name, template }) => [name, { outputs, template }]);
  return {
    stacks: {
      CDKToolkit: { outputs: { BootstrapVersion: '30' } },
      ...Object.fromEntries(deployed),
    },
    engines: { '18.4': true },
    zones: {
      'db.r6g.large': ['us-east-1a', 'us-east-1b', 'us-east-1-bos-1a'],
      'db.serverless': ['us-east-1b', 'us-east-1a'],
    },
    concurrency: { total: 1_000, unreserved: 1_000 },
    logPolicies: {},
    refused: {},
  };
}

/** Answers what the doctor asks AWS, as AWS's protocols have it; all but the Data API. */
export function startAccount(account: Account): Promise<Listening> {
  const http = createServer(async (request, response) => {
    const body = await text(request);
    const operation = operationOf(request.url ?? '', request.headers['x-amz-target'], body);
    const isXml = body.includes('Action=');
    const refusal = account.refused[operation] ?? missingStack(account, operation, body);
    const answered = refusal
      ? errorOf(refusal, isXml)
      : ANSWERS[operation]?.(account, new URLSearchParams(body));
    response.statusCode = refusal ? 400 : 200;
    response.setHeader('content-type', isXml ? 'text/xml' : 'application/json');
    response.end(answered);
  });
  return listenOnLoopback(http, 0);
}

/** The variables by which the AWS SDK finds it. */
export function environmentOf({ endpoint }: Listening): Record<string, string> {
  const services = ['STS', 'CLOUDFORMATION', 'RDS', 'LAMBDA', 'CLOUDWATCH_LOGS'];
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name}`, endpoint])),
  };
}

function operationOf(url: string, target: string | string[] | undefined, body: string): string {
  if (url.includes('account-settings')) return 'GetAccountSettings';
  if (target) return String(target).split('.')[1] ?? '';
  return new URLSearchParams(body).get('Action') ?? '';
}

const ANSWERS: Readonly<Record<string, (account: Account, form: URLSearchParams) => string>> = {
  GetCallerIdentity: () =>
    answer(
      'GetCallerIdentity',
      '<Arn>arn:aws:iam::123456789012:user/dev</Arn><Account>123456789012</Account>',
    ),
  DescribeStacks: ({ stacks }, form) => {
    const name = form.get('StackName') ?? '';
    const { status = 'UPDATE_COMPLETE', outputs = {}, isProtected = false } = stacks[name] ?? {};
    const members = Object.entries(outputs)
      .map(
        ([key, value]) =>
          `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      )
      .join('');
    return answer(
      'DescribeStacks',
      `<Stacks><member><StackName>${name}</StackName><StackStatus>${status}</StackStatus><EnableTerminationProtection>${isProtected}</EnableTerminationProtection><Outputs>${members}</Outputs></member></Stacks>`,
    );
  },
  GetTemplate: ({ stacks }, form) => {
    const template = JSON.stringify(stacks[form.get('StackName') ?? '']?.template);
    return answer('GetTemplate', `<TemplateBody>${escaped(template)}</TemplateBody>`);
  },
  DescribeOrderableDBInstanceOptions: ({ engines, zones }, form) => {
    const version = form.get('EngineVersion') ?? '';
    const asked = form.get('DBInstanceClass');
    const dataApi = engines[version];
    const supports =
      dataApi === undefined ? '' : `<SupportsHttpEndpoint>${dataApi}</SupportsHttpEndpoint>`;
    const options = Object.entries(zones)
      .filter(([instanceClass]) => version in engines && (!asked || asked === instanceClass))
      .map(([instanceClass, names]) => {
        const members = names.map(
          (name) => `<AvailabilityZone><Name>${name}</Name></AvailabilityZone>`,
        );
        return `<OrderableDBInstanceOption><EngineVersion>${version}</EngineVersion><DBInstanceClass>${instanceClass}</DBInstanceClass>${supports}<AvailabilityZones>${members.join('')}</AvailabilityZones></OrderableDBInstanceOption>`;
      });
    return answer(
      'DescribeOrderableDBInstanceOptions',
      `<OrderableDBInstanceOptions>${options.join('')}</OrderableDBInstanceOptions>`,
    );
  },
  DescribeDBEngineVersions: ({ engines }) =>
    answer(
      'DescribeDBEngineVersions',
      `<DBEngineVersions>${Object.keys(engines)
        .map(
          (version) =>
            `<DBEngineVersion><EngineVersion>${version}</EngineVersion></DBEngineVersion>`,
        )
        .join('')}</DBEngineVersions>`,
    ),
  GetAccountSettings: ({ concurrency: { total, unreserved } }) =>
    JSON.stringify({
      AccountLimit: { ConcurrentExecutions: total, UnreservedConcurrentExecutions: unreserved },
    }),
  DescribeResourcePolicies: ({ logPolicies }) =>
    JSON.stringify({
      resourcePolicies: Object.entries(logPolicies).map(([policyName, policyDocument]) => ({
        policyName,
        policyDocument,
      })),
    }),
};

const answer = (operation: string, content: string) =>
  `<${operation}Response><${operation}Result>${content}</${operation}Result></${operation}Response>`;

function missingStack({ stacks }: Account, operation: string, body: string) {
  const name = new URLSearchParams(body).get('StackName') ?? '';
  return operation === 'DescribeStacks' && !(name in stacks)
    ? { name: 'ValidationError', message: `Stack with id ${name} does not exist` }
    : undefined;
}

function errorOf(
  { name, message }: { readonly name: string; readonly message: string },
  isXml: boolean,
) {
  return isXml
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: name, message });
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
