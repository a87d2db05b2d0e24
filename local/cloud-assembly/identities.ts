import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION, localArn, localIamArn } from '../aws/account.ts';
import type { Resource } from './template.ts';

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

/** Of the function that a version or an alias is of. */
const functionArn = ({ resource, resolve }: Place) =>
  localArn('lambda', `function:${resolve(resource.Properties?.FunctionName)}`);

/** There is none but the one that was synthesized. */
const ONLY_VERSION = '1';

const clusterId = ({ logicalId }: Place) => logicalId.toLowerCase();

/** How `Ref` and `Fn::GetAtt` answer, by resource type. Only what templates ask for is here. */
export const IDENTITIES: Readonly<Record<string, Identity>> = {
  'AWS::ApiGatewayV2::Api': { ref: shortId },
  'AWS::ApiGatewayV2::Authorizer': { ref: shortId },
  'AWS::ApiGatewayV2::Integration': { ref: shortId },
  'AWS::ApiGatewayV2::Stage': { ref: (p) => String(p.resolve(p.resource.Properties?.StageName)) },
  'AWS::EC2::SecurityGroup': { ref: generatedName, attributes: { GroupId: generatedName } },
  'AWS::Events::EventBus': named('Name', (name) => localArn('events', `event-bus/${name}`)),
  'AWS::IAM::Role': named('RoleName', (name) => localIamArn(`role/${name}`)),
  'AWS::Lambda::Alias': {
    ref: (p) => `${functionArn(p)}:${p.resolve(p.resource.Properties?.Name)}`,
  },
  'AWS::Lambda::Function': named('FunctionName', (name) => localArn('lambda', `function:${name}`)),
  'AWS::Lambda::Version': {
    ref: (p) => `${functionArn(p)}:${ONLY_VERSION}`,
    attributes: { Version: () => ONLY_VERSION },
  },
  'AWS::Logs::LogGroup': named('LogGroupName', (name) => localArn('logs', `log-group:${name}:*`)),
  'AWS::RDS::DBCluster': {
    ref: clusterId,
    attributes: { DBClusterArn: (p) => localArn('rds', `cluster:${clusterId(p)}`) },
  },
  'AWS::RDS::DBClusterParameterGroup': { ref: generatedName },
  'AWS::RDS::DBSubnetGroup': { ref: generatedName },
  'AWS::SNS::Topic': { ref: (p) => localArn('sns', generatedName(p)) },
  'AWS::SQS::Queue': {
    ref: (p) => `https://sqs.${LOCAL_REGION}.amazonaws.com/${LOCAL_ACCOUNT}/${generatedName(p)}`,
    attributes: { Arn: (p) => localArn('sqs', generatedName(p)), QueueName: generatedName },
  },
  'AWS::Scheduler::Schedule': named('Name', (name) =>
    localArn('scheduler', `schedule/default/${name}`),
  ),
  'AWS::Scheduler::ScheduleGroup': named('Name', (name) =>
    localArn('scheduler', `schedule-group/${name}`),
  ),
  'AWS::SecretsManager::Secret': {
    // CloudFormation shortens the name, too: the Data API takes ARNs of at most 100 characters.
    ref: (p) => {
      const id = shortId(p);
      return `${localArn('secretsmanager', `secret:${p.logicalId.slice(0, 24)}-${id}`)}-${id.slice(0, 6)}`;
    },
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    ref: (p) => String(p.resolve(p.resource.Properties?.SecretId)),
  },
};
