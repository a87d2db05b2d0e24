import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { OrderDatabase, type OrderDatabaseProps } from '../../../lib/constructs/order-database.ts';
import { statementsById } from '../statements.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const fewestProps: OrderDatabaseProps = {
  capacity: { minAcu: 1, maxAcu: 8 },
  backupRetention: Duration.days(7),
};
const allProps: OrderDatabaseProps = {
  capacity: { minAcu: 0, maxAcu: 2, pauseAfter: Duration.minutes(10) },
  backupRetention: Duration.days(1),
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
  }, 60_000);

  it('is encrypted Aurora PostgreSQL 18 with the Data API on', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      EngineVersion: Match.stringLikeRegexp('^18\\.([3-9]|\\d\\d)$'), // the first with the Data API is 18.3
      EnableHttpEndpoint: true,
      StorageEncrypted: true,
      DatabaseName: 'order_analytics',
    });
  });

  it('has one serverless writer', () => {
    fewest.resourcePropertiesCountIs(
      'AWS::RDS::DBInstance',
      { DBInstanceClass: 'db.serverless' },
      1,
    );
    fewest.resourceCountIs('AWS::RDS::DBInstance', 1);
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

  it('is kept with its network and its secret unless told otherwise', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', { DeletionProtection: true });
    expect(deletionPolicies(fewest)).toEqual(new Set(['Retain']));
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

  it('keeps backups as long as asked', () => {
    fewest.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 7 });
    all.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 1 });
  });
});

describe('grantDataApi', () => {
  const folder = temporaryFolder();
  let template: Template;
  let clusterArn: unknown;
  let secretArn: unknown;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    const database = new OrderDatabase(stack, 'Database', fewestProps);
    database.grantDataApi(
      new lambda.Function(stack, 'Reader', {
        code: lambda.Code.fromInline('export const handler = () => 1;'),
        handler: 'index.handler',
        runtime: lambda.Runtime.NODEJS_24_X,
      }),
    );
    template = Template.fromStack(stack);
    clusterArn = stack.resolve(database.cluster.clusterArn);
    secretArn = stack.resolve(database.masterSecret.secretArn);
  }, 60_000);

  it('allows the five operations on the cluster and the reading of its secret, nothing else', () => {
    expect([...statementsById(template).values()].flat()).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'rds-data:BatchExecuteStatement',
          'rds-data:BeginTransaction',
          'rds-data:CommitTransaction',
          'rds-data:ExecuteStatement',
          'rds-data:RollbackTransaction',
        ],
        Resource: clusterArn,
      },
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn },
    ]);
  });

  it('tells the function where the database is', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          DATABASE_RESOURCE_ARN: clusterArn,
          DATABASE_SECRET_ARN: secretArn,
          DATABASE_NAME: 'order_analytics',
        },
      },
    });
  });
});
