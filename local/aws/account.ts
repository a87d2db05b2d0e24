import { createHash } from 'node:crypto';
import type { Resource } from '../cloud-assembly/template.ts';
import type { Credentials, Verifier } from './sigv4.ts';

/** The account and region that a local run plays. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** Who signs on one machine. */
export const LOCAL_CREDENTIALS: Credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Takes what that account signs for a service, such as `rds-data`. */
export function localVerifier(service: string, clock: Verifier['clock']): Verifier {
  return { service, region: LOCAL_REGION, credentials: [LOCAL_CREDENTIALS], clock };
}

/** Where a resource stands, and how to resolve what its properties refer to. */
export interface Place {
  readonly stackName: string;
  readonly logicalId: string;
  readonly resource: Resource;
  resolve(value: unknown): unknown;
}

interface Identity {
  /** What `Ref` answers. */
  ref(place: Place): string;
  /** What `Fn::GetAtt` answers, by attribute. */
  readonly attributes?: Readonly<Record<string, (place: Place) => string>>;
}

const arn = (service: string, rest: string) =>
  `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${rest}`;

/** A name as CloudFormation makes one when the template gives none, without its random end. */
const generatedName = ({ stackName, logicalId }: Place) => `${stackName}-${logicalId}`.slice(0, 64);

/** Ten characters that look like API Gateway's ids and stay the same from run to run. */
const shortId = (place: Place) =>
  createHash('sha256').update(generatedName(place)).digest('hex').slice(0, 10);

const named = (property: string, arnOf: (name: string) => string): Identity => {
  const ref = (place: Place) =>
    String(place.resolve(place.resource.Properties?.[property]) ?? generatedName(place));
  return { ref, attributes: { Arn: (place) => arnOf(ref(place)) } };
};

const clusterId = ({ logicalId }: Place) => logicalId.toLowerCase();

/** How `Ref` and `Fn::GetAtt` answer, by resource type. Only what templates ask for is here. */
export const IDENTITIES: Readonly<Record<string, Identity>> = {
  'AWS::ApiGatewayV2::Api': { ref: shortId },
  'AWS::ApiGatewayV2::Authorizer': { ref: shortId },
  'AWS::ApiGatewayV2::Integration': { ref: shortId },
  'AWS::ApiGatewayV2::Stage': { ref: (p) => String(p.resolve(p.resource.Properties?.StageName)) },
  'AWS::EC2::SecurityGroup': { ref: generatedName, attributes: { GroupId: generatedName } },
  'AWS::Events::EventBus': named('Name', (name) => arn('events', `event-bus/${name}`)),
  'AWS::IAM::Role': named('RoleName', (name) => `arn:aws:iam::${LOCAL_ACCOUNT}:role/${name}`),
  'AWS::Lambda::Function': named('FunctionName', (name) => arn('lambda', `function:${name}`)),
  'AWS::Lambda::Version': {
    ref: (p) => `${arn('lambda', `function:${p.resolve(p.resource.Properties?.FunctionName)}`)}:1`,
  },
  'AWS::Logs::LogGroup': named('LogGroupName', (name) => arn('logs', `log-group:${name}:*`)),
  'AWS::RDS::DBCluster': {
    ref: clusterId,
    attributes: { DBClusterArn: (p) => arn('rds', `cluster:${clusterId(p)}`) },
  },
  'AWS::RDS::DBClusterParameterGroup': { ref: generatedName },
  'AWS::RDS::DBSubnetGroup': { ref: generatedName },
  'AWS::SNS::Topic': { ref: (p) => arn('sns', generatedName(p)) },
  'AWS::SQS::Queue': {
    ref: (p) => `https://sqs.${LOCAL_REGION}.amazonaws.com/${LOCAL_ACCOUNT}/${generatedName(p)}`,
    attributes: { Arn: (p) => arn('sqs', generatedName(p)), QueueName: generatedName },
  },
  'AWS::Scheduler::Schedule': named('Name', (name) => arn('scheduler', `schedule/default/${name}`)),
  'AWS::Scheduler::ScheduleGroup': named('Name', (name) =>
    arn('scheduler', `schedule-group/${name}`),
  ),
  'AWS::SecretsManager::Secret': {
    // CloudFormation shortens the name, too: the Data API takes ARNs of at most 100 characters.
    ref: (p) => {
      const id = shortId(p);
      return `${arn('secretsmanager', `secret:${p.logicalId.slice(0, 24)}-${id}`)}-${id.slice(0, 6)}`;
    },
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    ref: (p) => String(p.resolve(p.resource.Properties?.SecretId)),
  },
};
