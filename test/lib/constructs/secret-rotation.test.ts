import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLE_NAMES } from '../../../db/roles/names.ts';
import { createApp } from '../../../lib/app.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { SecretRotation } from '../../../lib/constructs/secret-rotation.ts';
import { apiResources, type Resources } from '../../helpers/api-template.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('SecretRotation', () => {
  const folder = temporaryFolder();
  let stack: Stack;
  let database: OrderDatabase;
  let rotation: SecretRotation;
  let template: Template;
  beforeAll(() => {
    stack = new Stack(createApp({ outdir: folder }), 'Stack');
    database = new OrderDatabase(stack, 'Database', {
      capacity: { minAcu: 0, maxAcu: 1 },
      backupRetention: Duration.days(1),
    });
    rotation = new SecretRotation(stack, 'Rotation', {
      database,
      every: Duration.days(30),
      logs: { level: 'INFO', retention: RetentionDays.ONE_WEEK },
    });
    template = Template.fromStack(stack);
  });

  it("rotates every role's secret, and the owner's", () => {
    const schedules = Object.values(
      template.findResources('AWS::SecretsManager::RotationSchedule'),
    ).map(({ Properties }) => Properties);
    expect(schedules).toHaveLength(ROLE_NAMES.length + 1);
    for (const { secretArn } of database.loginSecrets) {
      expect(schedules).toContainEqual({
        SecretId: stack.resolve(secretArn),
        RotationLambdaARN: stack.resolve(rotation.fn.functionArn),
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
      });
    }
  });

  it('may be invoked by Secrets Manager for these secrets alone, before the first rotation', () => {
    const permissions = template.findResources('AWS::Lambda::Permission');
    const [owner, ...roles] = database.loginSecrets;
    expect(Object.values(permissions).map(({ Properties }) => Properties)).toEqual(
      [...roles, owner!].map(({ secretArn }) => ({
        Action: 'lambda:InvokeFunction',
        FunctionName: stack.resolve(rotation.fn.functionArn),
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: stack.resolve(secretArn),
      })),
    );
    for (const { DependsOn } of Object.values(
      template.findResources('AWS::SecretsManager::RotationSchedule'),
    )) {
      expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(permissions)));
    }
  });

  it('may be the owner, and read and write the secrets with logins, nothing else', () => {
    const loginSecrets = database.loginSecrets.map((one) => stack.resolve(one.secretArn));
    const statements = [...statementsById(template)].flatMap(([, of]) => of);
    const onSecrets = statements.filter(({ Action }) => String(Action).includes('secretsmanager'));
    expect(onSecrets).toHaveLength(2);
    expect(onSecrets).toContainEqual({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: stack.resolve(database.masterSecret.secretArn),
    });
    const [write] = onSecrets.filter(({ Action }) => Array.isArray(Action));
    expect(write?.Action).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
    expect(new Set(write?.Resource as unknown[])).toEqual(new Set(loginSecrets));
  });

  it('begins when all else of the API is there, so that no deploy that fails cuts it off', () => {
    const resources = apiResources();
    const idsOf = (isSchedule: boolean) =>
      Object.keys(resources).filter(
        (id) => (resources[id]?.Type === 'AWS::SecretsManager::RotationSchedule') === isSchedule,
      );
    expect(idsOf(true)).toHaveLength(ROLE_NAMES.length + 1);
    for (const id of idsOf(true)) {
      const before = allBefore(id, resources);
      expect(idsOf(false).filter((other) => !before.has(other))).toEqual([]);
    }
  });
});

/** What CloudFormation makes before a resource: whatever it names, and what that names. */
function allBefore(id: string, resources: Resources, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(resources[id]).matchAll(/"(\w+)"/g)) {
    if (!(name in resources) || found.has(name)) continue;
    found.add(name);
    allBefore(name, resources, found);
  }
  return found;
}
