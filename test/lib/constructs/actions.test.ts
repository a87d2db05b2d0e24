import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { Actions } from '../../../lib/constructs/actions.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('Actions', () => {
  const folder = temporaryFolder();
  let template: Template;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    new Actions(stack, 'Actions', {
      httpApi: new HttpApi(stack, 'Api', { createDefaultStage: false }),
      database: new OrderDatabase(stack, 'Database', {
        capacity: { minAcu: 0, maxAcu: 1 },
        backupRetention: Duration.days(1),
      }),
      timeout: Duration.seconds(29),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    template = Template.fromStack(stack);
  });

  it('lets nobody at its forms without a signature that IAM allows', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties: p }) => [p.RouteKey, p.AuthorizationType]).sort()).toEqual([
      ['GET /admin/actions/{proxy+}', 'AWS_IAM'],
      ['POST /admin/actions/{proxy+}', 'AWS_IAM'],
    ]);
  });

  it('has a policy for people that allows to act on this API and nothing else', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    const [statement, ...others] = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'execute-api:Invoke' });
    expect(JSON.stringify(statement.Resource)).toContain('/$default/POST/admin/actions/*"');
  });

  it('may run single statements, and read one login', () => {
    const statements = [...statementsById(template)].flatMap(([, some]) => some);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).toContain('rds-data:ExecuteStatement');
    expect(actions).not.toContain('rds-data:BeginTransaction');
  });
});
