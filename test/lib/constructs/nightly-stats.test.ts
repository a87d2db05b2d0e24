import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../../functions/shared/metric-names.ts';
import { createApp } from '../../../lib/app.ts';
import { createStacks } from '../../../lib/stacks.ts';
import { getStage } from '../../../lib/stages.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('NightlyStats', () => {
  const folder = temporaryFolder();
  let template: Template;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own schema says what is in there
  let schedule: Record<string, any>;
  let aliasId: string;
  let functionId: string;
  let queueArn: unknown;
  beforeAll(() => {
    const app = createApp({ outdir: folder });
    const { apiStack } = createStacks(app, getStage('production'), {
      alarmEmail: 'none',
    });
    template = Template.fromStack(apiStack);
    const [found] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    schedule = found?.Properties ?? {};
    aliasId = schedule.Target.Arn.Ref;
    const alias = template.findResources('AWS::Lambda::Alias')[aliasId];
    functionId = alias?.Properties.FunctionName.Ref;
    const [queueId] = Object.keys(template.findResources('AWS::SQS::Queue'));
    queueArn = { 'Fn::GetAtt': [queueId, 'Arn'] };
  });

  it('is started at 00:15 UTC, to the minute', () => {
    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(15 0 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
  });

  it('gets the time that it was scheduled for, not the time by then', () => {
    expect(JSON.parse(schedule.Target.Input)).toEqual({
      scheduled_time: '<aws.scheduler.scheduled-time>',
    });
    const fn = template.findResources('AWS::Lambda::Function')[functionId];
    expect(fn?.Properties).toMatchObject({
      Timeout: 900,
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'nightly' } },
    });
  });

  it('is tried again for six hours, by the schedule and then by Lambda, and ends in the queue', () => {
    expect(schedule.Target).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 24, MaximumEventAgeInSeconds: 21_600 },
      DeadLetterConfig: { Arn: queueArn },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: functionId },
      // As the schedule calls it: of another qualifier it would not hold.
      Qualifier: { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: aliasId }] }] },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
  });

  it('keeps dead letters encrypted, for 14 days, and takes them by TLS alone', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  it('lets the schedule start this function and leave a dead letter, nothing else', () => {
    const roleId = schedule.Target.RoleArn['Fn::GetAtt'][0];
    const statements = [...statementsById(template)]
      .filter(([id]) => id.startsWith(roleId.slice(0, -8)))
      .flatMap(([, all]) => all);
    expect(statements.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: 'lambda:InvokeFunction', Resource: { Ref: aliasId } },
      { Action: 'sqs:SendMessage', Resource: queueArn },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: Match.objectLike({ 'aws:SourceAccount': Match.anyValue() }),
            },
          }),
        ],
      },
    });
  });

  it('lets the function put events on its one bus', () => {
    const [busId] = Object.keys(template.findResources('AWS::Events::EventBus'));
    const puts = [...statementsById(template).values()]
      .flat()
      .filter(({ Action }) => JSON.stringify(Action).includes('events:'));
    expect(puts).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': [busId, 'Arn'] },
      },
    ]);
    expect(
      template.findResources('AWS::Lambda::Function')[functionId]?.Properties.Environment.Variables,
    ).toHaveProperty('EVENT_BUS_NAME', { Ref: busId });
  });

  describe('alarms', () => {
    const alarm = (metricName: string) => {
      const [found] = Object.values(
        template.findResources('AWS::CloudWatch::Alarm', {
          Properties: { MetricName: metricName },
        }),
      );
      return found?.Properties;
    };

    it('when no nightly run has succeeded for 26 hours, silence included', () => {
      expect(alarm(METRICS.successfulNights)).toMatchObject({
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        Statistic: 'Sum',
        Period: 3_600,
        EvaluationPeriods: 26,
        TreatMissingData: 'breaching',
        Dimensions: [{ Name: 'service', Value: 'nightly' }],
      });
    });

    it.each([
      ['a drift was found', METRICS.driftFound],
      ['orders with other items than were uploaded were found', METRICS.ordersDamaged],
      ['a night left something to another', METRICS.partsLeft],
    ])('when %s in one of the last 24 hours', (_what, metric) => {
      expect(alarm(metric)).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        Statistic: 'Sum',
        Period: 3_600,
        EvaluationPeriods: 24,
        DatapointsToAlarm: 1,
        TreatMissingData: 'notBreaching',
      });
    });

    it('when a dead letter waits', () => {
      expect(alarm('ApproximateNumberOfMessagesVisible')).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        Statistic: 'Maximum',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        Dimensions: [{ Name: 'QueueName', Value: expect.anything() }],
      });
    });

    it('watch the metrics under the namespace that the function writes to', () => {
      const variables =
        template.findResources('AWS::Lambda::Function')[functionId]?.Properties.Environment
          .Variables;
      expect(variables.POWERTOOLS_METRICS_NAMESPACE).toBe('order-analytics-production-api');
      for (const name of [METRICS.successfulNights, METRICS.driftFound]) {
        expect(alarm(name)?.Namespace).toBe(variables.POWERTOOLS_METRICS_NAMESPACE);
      }
    });
  });
});
