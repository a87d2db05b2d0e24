import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { Migration } from '../../../lib/constructs/migration.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { type LogSettings, ServiceFunction } from '../../../lib/constructs/service-function.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const logs: LogSettings = { level: 'INFO', retention: RetentionDays.ONE_WEEK };

describe('Migration', () => {
  const folder = temporaryFolder();
  const otherFolder = temporaryFolder();
  let template: Template;
  let triggerId: string;
  beforeAll(() => {
    template = synthesize(folder, Duration.seconds(29));
    [triggerId = ''] = Object.keys(template.findResources('Custom::Trigger'));
  });

  function synthesize(outdir: string, timeout: Duration): Template {
    const stack = new Stack(createApp({ outdir }), 'Stack');
    const database = new OrderDatabase(stack, 'Database', {
      capacity: { minAcu: 1, maxAcu: 2 },
      backupRetention: Duration.days(1),
    });
    const stats = new ServiceFunction(stack, 'Stats', {
      folder: 'stats',
      description: 'Totals',
      memorySize: 512,
      timeout,
      logs,
    });
    new Migration(stack, 'Migration', { database, logs }).runBefore(stats);
    return Template.fromStack(stack);
  }

  function functionNamed(name: string) {
    const functions = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: name } } },
    });
    const [entry] = Object.entries(functions);
    if (!entry) throw new Error(`The template has no function ${name}.`);
    const [id, resource] = entry;
    return { id, properties: resource.Properties, dependsOn: resource.DependsOn };
  }

  it('runs in every deploy that changes the migrate function, and is waited for', () => {
    const [versionId] = Object.keys(
      template.findResources('AWS::Lambda::Version', {
        Properties: { FunctionName: { Ref: functionNamed('migrate').id } },
      }),
    );
    template.hasResourceProperties('Custom::Trigger', {
      HandlerArn: { Ref: versionId },
      ExecuteOnHandlerChange: true,
      InvocationType: 'RequestResponse',
    });
  });

  it('runs in no deploy that changes other things, nor when such a one is taken back', () => {
    const other = synthesize(otherFolder, Duration.seconds(28));
    expect(other.findResources('AWS::Lambda::Function')).not.toEqual(
      template.findResources('AWS::Lambda::Function'),
    );
    expect(other.findResources('Custom::Trigger')).toEqual(
      template.findResources('Custom::Trigger'),
    );
  });

  it('runs before the functions that need its schema change', () => {
    expect(functionNamed('stats').dependsOn).toContain(triggerId);
  });

  it('is over before who waits for it gives up, and that before its own end', () => {
    const functionMs = functionNamed('migrate').properties.Timeout * 1_000;
    const [trigger] = Object.values(template.findResources('Custom::Trigger'));
    const waitedMs = Number(trigger?.Properties.Timeout);
    expect(functionMs).toBeLessThanOrEqual(waitedMs - 30_000);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: '__entrypoint__.handler', // the CDK's own function, which calls ours
      Timeout: 900,
    });
    expect(waitedMs).toBeLessThanOrEqual(900_000 - 30_000);
  });

  it('keeps its log when the stack goes, as it does after a first deploy that failed', () => {
    const { LoggingConfig } = functionNamed('migrate').properties;
    const logGroup = template.toJSON().Resources[LoggingConfig.LogGroup.Ref];
    expect(logGroup).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('may use the database', () => {
    expect(functionNamed('migrate').properties.Environment.Variables).toHaveProperty(
      'DATABASE_SECRET_ARN',
    );
  });
});
