import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { OrderApi } from '../../../lib/constructs/order-api.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function aliasOfInlineFunction(stack: Stack, id: string): lambda.Alias {
  const fn = new lambda.Function(stack, id, {
    code: lambda.Code.fromInline('export const handler = () => 1;'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  return fn.addAlias('live');
}

describe('OrderApi', () => {
  const folder = temporaryFolder();
  let stack: Stack;
  let template: Template;
  let functions: Record<'upload' | 'amend' | 'orders' | 'stats' | 'authorize', lambda.Alias>;
  beforeAll(() => {
    stack = new Stack(createApp({ outdir: folder }), 'Stack');
    functions = {
      upload: aliasOfInlineFunction(stack, 'Upload'),
      amend: aliasOfInlineFunction(stack, 'Amend'),
      orders: aliasOfInlineFunction(stack, 'Orders'),
      stats: aliasOfInlineFunction(stack, 'Stats'),
      authorize: aliasOfInlineFunction(stack, 'Authorize'),
    };
    const { authorize, ...sellers } = functions;
    new OrderApi(stack, 'Api', {
      functions: sellers,
      authorize,
      keysRememberedFor: Duration.seconds(60),
      throttles: {
        upload: { requestsPerSecond: 5, burst: 6 },
        orders: { requestsPerSecond: 3, burst: 4 },
        stats: { requestsPerSecond: 7, burst: 8 },
        others: { requestsPerSecond: 10, burst: 30 },
      },
      logRetention: RetentionDays.ONE_MONTH,
    });
    template = Template.fromStack(stack);
  });

  it.each([
    ['POST /api/orders/upload', 'upload'],
    ['DELETE /api/orders', 'amend'],
    ['POST /api/uploads/{id}/undo', 'amend'],
    ['GET /api/orders', 'orders'],
    ['GET /api/orders/stats', 'stats'],
    ['GET /api/orders/stats/daily', 'stats'],
  ] as const)('sends %s to %s, in payload format 2.0', (routeKey, name) => {
    const functionArn = stack.resolve(functions[name].functionArn);
    const [integrationId] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Integration', {
        Properties: { IntegrationUri: functionArn, PayloadFormatVersion: '2.0' },
      }),
    );
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: routeKey,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integrationId }]] },
    });
    const route = routeKey.split(' ')[1]?.replaceAll(/[{}]/g, '\\$&');
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: functionArn,
      SourceArn: {
        'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`${route}$`)])],
      },
    });
  });

  it('asks for a key on every route', () => {
    const [authorizerId] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Authorizer', {
        Properties: {
          AuthorizerType: 'REQUEST',
          AuthorizerPayloadFormatVersion: '2.0',
          EnableSimpleResponses: true,
          IdentitySource: ['$request.header.Authorization'],
          AuthorizerResultTtlInSeconds: 60,
        },
      }),
    );
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    for (const { Properties: route } of routes) {
      expect(route).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: authorizerId },
      });
    }
  });

  it('limits the requests of all callers together, each route as it can bear', () => {
    const of = (rate: number, burst: number) => ({
      ThrottlingRateLimit: rate,
      ThrottlingBurstLimit: burst,
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: of(10, 30),
      RouteSettings: {
        'POST /api/orders/upload': of(5, 6),
        'GET /api/orders': of(3, 4),
        'GET /api/orders/stats': of(7, 8),
        'GET /api/orders/stats/daily': of(7, 8),
      },
    });
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const routeIds = Object.keys(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(stage?.DependsOn).toEqual(expect.arrayContaining(routeIds));
  });

  it('logs each request as JSON with its id and times, without what may name a seller or is secret', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { Format, DestinationArn } = stage?.Properties.AccessLogSettings ?? {};
    const fields = JSON.parse(Format);
    expect(fields).toMatchObject({
      request_id: '$context.requestId',
      function_request_id: '$context.integration.requestId', // leads to the function's own log
      status: '$context.status',
      latency_ms: '$context.responseLatency',
    });
    const values = Object.values<string>(fields);
    expect(values.filter((value) => /query|header|authorization|path/i.test(value))).toEqual([]);
    // Of another name it would take a line of the account's log policy, which has few.
    const [logGroupId] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', {
        Properties: { RetentionInDays: 30, LogGroupName: '/aws/vendedlogs/Stack-access' },
      }),
    );
    expect(logGroupId).toBeDefined();
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': [logGroupId, 'Arn'] });
  });
});
