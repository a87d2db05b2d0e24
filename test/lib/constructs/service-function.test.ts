import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { ServiceFunction } from '../../../lib/constructs/service-function.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const PROPS = {
  folder: 'stats',
  description: 'Totals',
  memorySize: 512,
  timeout: Duration.seconds(29),
  logs: { level: 'WARN', retention: RetentionDays.ONE_MONTH },
} as const;

describe('ServiceFunction', () => {
  const folder = temporaryFolder();
  let template: Template;
  let logGroupId: string;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    new ServiceFunction(stack, 'Stats', PROPS);
    template = Template.fromStack(stack);
    [logGroupId = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  });

  it('runs Node 24 on arm64, with the memory and the time it was given', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 29,
    });
  });

  it('writes JSON from its level up to a log of its own, kept as long as asked', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'WARN',
        LogGroup: { Ref: logGroupId },
      },
      Environment: {
        Variables: {
          NODE_OPTIONS: '--enable-source-maps',
          POWERTOOLS_LOG_LEVEL: 'WARN',
          POWERTOOLS_SERVICE_NAME: 'stats',
        },
      },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  it('may write to that log and do nothing else', () => {
    expect([...statementsById(template).values()].flat()).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [logGroupId, 'Arn'] },
      },
    ]);
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('lets V8 make its young generation only as large as asked', () => {
    const stack = new Stack(createApp({ outdir: folder }), 'Limited');
    new ServiceFunction(stack, 'Function', { ...PROPS, maxSemiSpaceMb: 8 });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=8' },
      },
    });
  });
});
