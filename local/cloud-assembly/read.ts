import { resolve as absolute } from 'node:path';
import { readHttpApis } from './http-apis.ts';
import { IDENTITIES, type Place } from './identities.ts';
import { IGNORED } from './ignored.ts';
import { resolvers } from './intrinsics.ts';
import type { LocalApp, LocalCluster, LocalFunction, LocalSchedule, LocalSecret } from './model.ts';
import type { Properties, ResolvedResource } from './resolved-resource.ts';
import { readStacks } from './template.ts';

// Stands in for CloudFormation: finds in the synthesized templates what the other stand-ins run,
// and resolves what their properties refer to. It leaves out conditions, parameters and
// everything that `ignored.ts` lists. What is in neither list is an error, so that nothing is
// left out unnoticed.

/** Resource types that the stand-ins run. */
const RUN = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Events::EventBus',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::RDS::DBCluster',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::Secret',
  'Custom::Trigger',
]);

/**
 * What a cloud assembly holds for the stand-ins to run.
 *
 * @param directory a folder that `cdk synth` wrote, `cdk.out`
 * @throws when a template holds a resource or a reference that the stand-ins do not know
 */
export function readCloudAssembly(directory: string): LocalApp {
  const stacks = readStacks(absolute(directory));
  const assets = new Map(stacks.flatMap(({ assetDirs }) => [...assetDirs]));
  const resolveIn = resolvers(stacks);
  const resources = stacks.flatMap(({ name: stackName, template }) =>
    Object.entries(template.Resources ?? {})
      .filter(([logicalId, { Type }]) => isRun(stackName, logicalId, Type))
      .map(([logicalId, resource]): ResolvedResource => {
        const resolve = resolveIn.get(stackName)!;
        const place: Place = { stackName, logicalId, resource, resolve };
        const identity = IDENTITIES[resource.Type];
        return {
          logicalId,
          type: resource.Type,
          ref: identity?.ref(place) ?? '',
          arn: (identity?.attributes?.Arn ?? identity?.attributes?.DBClusterArn)?.(place) ?? '',
          properties: resolve(resource.Properties ?? {}) as Properties,
        };
      }),
  );
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const aliases = ofType('AWS::Lambda::Alias');
  const asyncInvokes = ofType('AWS::Lambda::EventInvokeConfig');
  const functions = ofType('AWS::Lambda::Function').map((f) =>
    readFunction(f, assets, aliases, asyncInvokes),
  );
  const qualified = new Map(
    [...aliases, ...ofType('AWS::Lambda::Version')].map(({ ref, properties }) => [
      ref,
      properties.FunctionName,
    ]),
  );
  const functionOf = (arn: string): LocalFunction => {
    const found = functions.find((fn) => arn === fn.arn || fn.name === qualified.get(arn));
    if (!found) throw new Error(`No synthesized function has the ARN ${arn}.`);
    return found;
  };
  return {
    functions,
    httpApis: readHttpApis(resources, functionOf),
    clusters: ofType('AWS::RDS::DBCluster').map(readCluster),
    secrets: ofType('AWS::SecretsManager::Secret').map(readSecret),
    rotations: ofType('AWS::SecretsManager::RotationSchedule').map(({ properties: p }) => ({
      secretArn: p.SecretId,
      function: functionOf(p.RotationLambdaARN),
    })),
    triggers: ofType('Custom::Trigger').map(({ logicalId, properties }) => ({
      logicalId,
      function: functionOf(properties.HandlerArn),
    })),
    schedules: ofType('AWS::Scheduler::Schedule').map((s) => readSchedule(s, functionOf)),
    eventBuses: ofType('AWS::Events::EventBus').map(({ ref: name, arn }) => ({ name, arn })),
    queues: ofType('AWS::SQS::Queue').map(({ logicalId, arn }) => ({ logicalId, arn })),
  };
}

function isRun(stackName: string, logicalId: string, type: string): boolean {
  if (RUN.has(type)) return true;
  if (type in IGNORED) return false;
  throw new Error(`The local stand-ins do not know ${type} (${logicalId} in ${stackName}).`);
}

function readFunction(
  { logicalId, ref, arn, properties: p }: ResolvedResource,
  assets: ReadonlyMap<string, string>,
  allAliases: readonly ResolvedResource[],
  asyncInvokes: readonly ResolvedResource[],
): LocalFunction {
  const aliases = allAliases
    .filter(({ properties }) => properties.FunctionName === ref)
    .map(({ properties }) => String(properties.Name));
  // Of the alias, where there is one: that is what callers call.
  const [qualifier = '$LATEST'] = aliases;
  const asyncInvoke = asyncInvokes.find(
    ({ properties }) => properties.FunctionName === ref && properties.Qualifier === qualifier,
  );
  const codeDir = assets.get(p.Code?.S3Key);
  if (!codeDir) throw new Error(`The function ${logicalId} has no code in the cloud assembly.`);
  return {
    logicalId,
    name: ref,
    arn,
    aliases,
    codeDir,
    handler: p.Handler,
    runtime: p.Runtime,
    timeoutSeconds: p.Timeout ?? 3,
    memorySizeMb: p.MemorySize ?? 128,
    logGroup: p.LoggingConfig?.LogGroup ?? `/aws/lambda/${ref}`,
    environment: p.Environment?.Variables ?? {},
    asyncInvoke: {
      maximumRetryAttempts: asyncInvoke?.properties.MaximumRetryAttempts ?? 2,
      maximumEventAgeSeconds: asyncInvoke?.properties.MaximumEventAgeInSeconds ?? 21_600,
      onFailure: asyncInvoke?.properties.DestinationConfig?.OnFailure?.Destination,
    },
  };
}

function readCluster({ logicalId, arn, properties: p }: ResolvedResource): LocalCluster {
  if (!p.EnableHttpEndpoint) throw new Error(`The cluster ${logicalId} has no Data API.`);
  return {
    logicalId,
    resourceArn: arn,
    databaseName: p.DatabaseName,
    masterUsername: p.MasterUsername,
  };
}

function readSecret({ logicalId, ref, properties: p }: ResolvedResource): LocalSecret {
  const template = p.GenerateSecretString?.SecretStringTemplate;
  const { username } = template ? JSON.parse(template) : {};
  return { logicalId, secretArn: ref, username };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html */
function readSchedule(
  { logicalId, arn, properties: p }: ResolvedResource,
  functionOf: (arn: string) => LocalFunction,
): LocalSchedule {
  return {
    logicalId,
    arn,
    expression: p.ScheduleExpression,
    timezone: p.ScheduleExpressionTimezone ?? 'UTC',
    target: functionOf(p.Target.Arn),
    input: p.Target.Input,
    maximumRetryAttempts: p.Target.RetryPolicy?.MaximumRetryAttempts ?? 185,
    maximumEventAgeSeconds: p.Target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
  };
}
