import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { Sellers } from '../../../lib/constructs/sellers.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('Sellers', () => {
  const folder = temporaryFolder();
  let template: Template;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    new Sellers(stack, 'Sellers', {
      httpApi: new HttpApi(stack, 'Api', { createDefaultStage: false }),
      database: new OrderDatabase(stack, 'Database', {
        capacity: { minAcu: 0, maxAcu: 1 },
        backupRetention: Duration.days(1),
      }),
      keysRememberedFor: Duration.minutes(2),
      timeout: Duration.seconds(29),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    template = Template.fromStack(stack);
  });

  it('has a policy for people that allows to erase sellers of this API and nothing else', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    const [statement, ...others] = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'execute-api:Invoke' });
    expect(JSON.stringify(statement.Resource)).toContain('/$default/POST/admin/api/sellers/erase"');
  });

  it('may delete the last of a seller in a transaction', () => {
    const statements = [...statementsById(template)].flatMap(([, some]) => some);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(['rds-data:BeginTransaction', 'rds-data:CommitTransaction']),
    );
  });

  it('waits for the uploads that a key let in while it was remembered', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 29,
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: 'sellers',
          UPLOADS_END_WITHIN_S: '149',
        }),
      },
    });
  });
});
