import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../../functions/shared/metric-names.ts';
import { createApp } from '../../../lib/app.ts';
import { ReleasedFunction } from '../../../lib/constructs/released-function.ts';
import { type Release, Releases } from '../../../lib/constructs/releases.ts';
import { readText } from '../../architecture/source-files.ts';
import { type AlarmProperties, alarmState, metricsOf } from '../../helpers/alarms.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('Releases', () => {
  const outdirs = { canary: temporaryFolder(), 'at-once': temporaryFolder() };
  let canary: Template;
  let atOnce: Template;
  beforeAll(() => {
    canary = synthesize('canary');
    atOnce = synthesize('at-once');
  });

  function synthesize(release: Release): Template {
    const stack = new Stack(createApp({ outdir: outdirs[release] }), 'Stack');
    const stats = new ReleasedFunction(stack, 'Stats', {
      folder: 'stats',
      description: 'Totals',
      memorySize: 512,
      timeout: Duration.seconds(29),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    new Releases(stack, 'Releases', { release, functions: { stats } });
    return Template.fromStack(stack);
  }

  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own schema says what is in there
  function only(template: Template, type: string): { id: string } & Record<string, any> {
    const [entry, ...others] = Object.entries(template.findResources(type));
    if (!entry || others.length > 0) throw new Error(`There is not one ${type}.`);
    const [id, resource] = entry;
    return { id, ...resource };
  }

  const functionRef = () => ({ Ref: only(canary, 'AWS::Lambda::Function').id });
  const newVersion = () => ({
    'Fn::GetAtt': [only(canary, 'AWS::Lambda::Version').id, 'Version'],
  });

  it('move the alias to the version of the code that is deployed, and keep none before it', () => {
    expect(only(canary, 'AWS::Lambda::Alias').Properties).toMatchObject({
      Name: 'live',
      FunctionName: functionRef(),
      FunctionVersion: newVersion(),
    });
    expect(only(canary, 'AWS::Lambda::Version').DeletionPolicy).not.toBe('Retain');
  });

  it.each([
    [
      'a tenth of the requests first',
      'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      () => canary,
    ],
    ['all of them', 'CodeDeployDefault.LambdaAllAtOnce', () => atOnce],
  ])('give a new version %s, by CodeDeploy', (_what, config, template) => {
    const group = only(template(), 'AWS::CodeDeploy::DeploymentGroup');
    expect(group.Properties.DeploymentConfigName).toBe(config);
    expect(only(template(), 'AWS::Lambda::Alias').UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: only(template(), 'AWS::CodeDeploy::Application').id },
        DeploymentGroupName: { Ref: group.id },
      },
    });
  });

  it('take a version back that fails while it has a tenth', () => {
    const { Properties: group } = only(canary, 'AWS::CodeDeploy::DeploymentGroup');
    expect(group).toMatchObject({
      AlarmConfiguration: {
        Enabled: true,
        Alarms: [{ Name: { Ref: only(canary, 'AWS::CloudWatch::Alarm').id } }],
      },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
      },
    });
    atOnce.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('ask an alarm of the new version alone, which the version before cannot have set off', () => {
    const { Properties } = only(canary, 'AWS::CloudWatch::Alarm');
    const section = 'a-release-that-is-taken-back';
    expect(Properties.AlarmDescription).toContain(`docs/operations.md#${section}`);
    expect(readText('docs/operations.md').toLowerCase()).toContain(
      `\n### ${section.replaceAll('-', ' ')}\n`,
    );
    expect(Properties.AlarmName).toEqual({
      'Fn::Join': ['', ['Stack-release-stats-', newVersion()]],
    });
    expect([...metricsOf(Properties).values()]).toEqual([
      expect.objectContaining({
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [
          { Name: 'ExecutedVersion', Value: newVersion() },
          { Name: 'FunctionName', Value: functionRef() },
          { Name: 'Resource', Value: { 'Fn::Join': ['', [functionRef(), ':live']] } },
        ],
      }),
      expect.objectContaining({
        Namespace: 'Stack',
        MetricName: METRICS.bugs,
        Dimensions: [
          { Name: 'service', Value: 'stats' },
          { Name: 'version', Value: newVersion() },
        ],
      }),
    ]);
  });

  it.each(['Errors', METRICS.bugs])('are stopped by one failure, in a minute: %s', (failure) => {
    const alarm = only(canary, 'AWS::CloudWatch::Alarm').Properties as AlarmProperties;
    const [metric] = [...metricsOf(alarm).values()].filter(
      ({ MetricName }) => MetricName === failure,
    );
    const { Namespace: namespace = '', MetricName: name = '', Dimensions = [] } = metric ?? {};
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    const point = { namespace, name, dimensions, at: 30_000, value: 1 };
    expect(alarmState(alarm, [], 60_000)).toBe('OK');
    expect(alarmState(alarm, [point], 60_000)).toBe('ALARM');
    expect(alarmState(alarm, [{ ...point, dimensions: {} }], 60_000)).toBe('OK');
  });

  it('let CodeDeploy move these aliases and see these alarms, nothing else, before it is needed', () => {
    const group = only(canary, 'AWS::CodeDeploy::DeploymentGroup');
    const roleId = group.Properties.ServiceRoleArn['Fn::GetAtt'][0];
    expect(canary.findResources('AWS::IAM::Role')[roleId]?.Properties).toEqual({
      AssumeRolePolicyDocument: expect.objectContaining({
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'codedeploy.amazonaws.com' },
          },
        ],
      }),
    });
    const policies = Object.entries(canary.findResources('AWS::IAM::Policy'));
    const [policyId = ''] =
      policies.find(([, { Properties }]) =>
        Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId),
      ) ?? [];
    expect(group.DependsOn).toContain(policyId);
    const functionArn = { 'Fn::GetAtt': [functionRef().Ref, 'Arn'] };
    expect(statementsById(canary).get(policyId)).toEqual([
      {
        Effect: 'Allow',
        Action: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        Resource: functionArn,
      },
      {
        Effect: 'Allow',
        Action: 'lambda:GetProvisionedConcurrencyConfig',
        Resource: { 'Fn::Join': ['', [functionArn, ':live']] },
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarms',
        Resource: {
          'Fn::Join': ['', expect.arrayContaining([':alarm:Stack-release-*'])],
        },
      },
    ]);
  });
});
