import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { Admin } from '../../../lib/constructs/admin.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('Admin', () => {
  const folder = temporaryFolder();
  let stack: Stack;
  let template: Template;
  let admin: Admin;
  let httpApi: HttpApi;
  beforeAll(() => {
    stack = new Stack(createApp({ outdir: folder }), 'Stack');
    httpApi = new HttpApi(stack, 'Api', { createDefaultStage: false });
    admin = new Admin(stack, 'Admin', {
      httpApi,
      database: new OrderDatabase(stack, 'Database', {
        capacity: { minAcu: 0, maxAcu: 1 },
        backupRetention: Duration.days(1),
      }),
      nightly: { hour: 3, minute: 5 },
      cancelledStatuses: ['Cancelled', 'void'],
      timeout: Duration.seconds(29),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    template = Template.fromStack(stack);
  });

  it('lets nobody see a page without a signature that IAM allows', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties: p }) => [p.RouteKey, p.AuthorizationType]).sort()).toEqual([
      ['GET /admin', 'AWS_IAM'],
      ['GET /admin/{proxy+}', 'AWS_IAM'],
    ]);
  });

  it('has a policy for people that allows the pages of this API and nothing else', () => {
    const { policy } = admin;
    const [resource] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(stack.resolve(policy.managedPolicyArn)).toEqual({ Ref: expect.any(String) });
    const { Ref: api } = stack.resolve(httpApi.apiId);
    const arn = (service: string, ...rest: unknown[]) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          `:${service}:`,
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ...rest,
        ],
      ],
    });
    expect(resource?.Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [
          arn('execute-api', ':', { Ref: api }, '/$default/GET/admin'),
          arn('execute-api', ':', { Ref: api }, '/$default/GET/admin/*'),
        ],
      },
      {
        Effect: 'Allow',
        Action: 'cloudformation:DescribeStacks',
        Resource: arn('cloudformation', ':stack/Stack/*'),
      },
    ]);
    expect(resource?.Properties).not.toHaveProperty('Users');
    expect(resource?.Properties).not.toHaveProperty('Roles');
  });

  it('tells its pages when the nightly job runs, and which orders are no revenue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { NIGHTLY_AT: '03:05', CANCELLED_STATUSES: '["cancelled","void"]' },
      },
    });
  });
});
