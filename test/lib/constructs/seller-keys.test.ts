import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { SellerKeys } from '../../../lib/constructs/seller-keys.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('SellerKeys', () => {
  const folder = temporaryFolder();
  let template: Template;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    const httpApi = new HttpApi(stack, 'Api', { createDefaultStage: false });
    const sellerKeys = new SellerKeys(stack, 'SellerKeys', {
      database: new OrderDatabase(stack, 'Database', {
        capacity: { minAcu: 0, maxAcu: 1 },
        backupRetention: Duration.days(1),
      }),
      environment: 'live',
      authorizeTimeout: Duration.seconds(9),
      keysTimeout: Duration.seconds(29),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    sellerKeys.addRoutes(httpApi);
    template = Template.fromStack(stack);
  });

  it('lets nobody at keys without a signature that IAM allows', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties: p }) => [p.RouteKey, p.AuthorizationType]).sort()).toEqual([
      ['GET /admin/api/keys', 'AWS_IAM'],
      ['GET /admin/keys/{proxy+}', 'AWS_IAM'],
      ['POST /admin/api/keys', 'AWS_IAM'],
      ['POST /admin/api/keys/{id}/revoke', 'AWS_IAM'],
      ['POST /admin/api/keys/{id}/rotate', 'AWS_IAM'],
      ['POST /admin/keys/{proxy+}', 'AWS_IAM'],
    ]);
  });

  it("has a policy for people that allows to change this API's keys and nothing else", () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    const [statement, ...others] = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'execute-api:Invoke' });
    const paths = statement.Resource.map((arn: object) => JSON.stringify(arn));
    expect(paths).toEqual([
      expect.stringContaining('/$default/POST/admin/api/keys"'),
      expect.stringContaining('/$default/POST/admin/api/keys/*"'),
      expect.stringContaining('/$default/POST/admin/keys/*"'),
    ]);
  });

  it.each([
    ['authorize', 9],
    ['keys', 29],
  ])('tells %s what keys begin with', (name, Timeout) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Timeout,
      Environment: {
        Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: name, KEY_ENVIRONMENT: 'live' }),
      },
    });
  });
});
