import { type Duration, Fn, RemovalPolicies, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  DATABASE_NAME,
  DATABASE_RESOURCE_ARN,
  DATABASE_SECRET_ARN,
  ROLE_SECRET_ARNS,
} from '../../db/data-api/env.ts';
import type { RoleName } from '../../db/roles/names.ts';
import { IsolatedNetwork } from './isolated-network.ts';
import { LoginSecret } from './login-secret.ts';
import { RoleSecrets } from './role-secrets.ts';

const NAME = 'order_analytics';
const OWNER = 'postgres';

const INSTANCES = ['Writer', 'Standby'] as const;

const TRANSACTIONS = [
  'rds-data:BeginTransaction',
  'rds-data:CommitTransaction',
  'rds-data:RollbackTransaction',
];

/** Of Aurora PostgreSQL, in every stage: a new one begins with it. */
export const ENGINE_VERSION = rds.AuroraPostgresEngineVersion.VER_18_4;

/** How far the database scales, in Aurora capacity units (1 ACU is about 2 GiB of memory). */
export interface DatabaseCapacity {
  /** 0 lets the database pause while nothing uses it. */
  readonly minAcu: number;
  readonly maxAcu: number;
  /**
   * How long nothing may have used the database before it pauses, 5 minutes to a day.
   *
   * @default 5 minutes where `minAcu` is 0; a database with a higher minimum never pauses
   */
  readonly pauseAfter?: Duration;
}

export interface OrderDatabaseProps {
  readonly capacity: DatabaseCapacity;
  /** How far back the database can be restored to any second, 1 to 35 days. */
  readonly backupRetention: Duration;
  /** How long PostgreSQL's own log is kept. @default a month */
  readonly logRetention?: RetentionDays;
  /**
   * Whether a second instance, in another availability zone, takes over when the first fails.
   *
   * @default true
   */
  readonly standby?: boolean;
  /**
   * Whether the database refuses to be deleted and outlives its stack.
   *
   * @default true
   */
  readonly protectData?: boolean;
}

/**
 * Aurora PostgreSQL where the orders are. It has no way in but the RDS Data API:
 * its subnets have no route out of the VPC, and its security group admits nobody.
 */
export class OrderDatabase extends Construct {
  readonly cluster: rds.DatabaseCluster;
  /** The cluster's owner, who may do anything in it. */
  readonly masterSecret: ISecret;
  readonly roleSecrets: RoleSecrets;
  /** PostgreSQL's own, of all instances. */
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: OrderDatabaseProps) {
    super(scope, id);
    const { capacity, backupRetention, standby = true, protectData = true } = props;
    const network = new IsolatedNetwork(this, 'Network');
    const owner = new LoginSecret(this, 'Owner', {
      name: 'OwnerLogin',
      username: OWNER,
      of: 'the owner of the database',
    });

    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({
        version: ENGINE_VERSION,
      }),
      ...instancesIn(network.vpc, standby),
      serverlessV2MinCapacity: capacity.minAcu,
      serverlessV2MaxCapacity: capacity.maxAcu,
      serverlessV2AutoPauseDuration: capacity.pauseAfter,
      enableDataApi: true,
      defaultDatabaseName: NAME,
      credentials: rds.Credentials.fromSecret(owner, OWNER),
      vpc: network.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.securityGroup],
      parameters: {
        log_error_verbosity: 'terse', // else PostgreSQL's log quotes rows of orders
        'rds.force_ssl': '1',
      },
      // By the key that AWS keeps and renews: with one of ours, who deletes it deletes all orders.
      storageEncrypted: true,
      cloudwatchLogsExports: ['postgresql'],
      backup: { retention: backupRetention },
      deletionProtection: protectData,
    });
    this.masterSecret = this.cluster.secret!; // there is one, as `credentials` asked for it
    this.roleSecrets = new RoleSecrets(this, 'Role');
    this.log = this.#createLog(props.logRetention);

    // The network too: what is kept could not be reached without it. What a first deploy that fails
    // has made is empty, and goes.
    RemovalPolicies.of(this).apply(
      protectData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    );
    this.#acknowledgeRules(protectData);
  }

  /** All that hold a login: the owner's, and the roles'. */
  get loginSecrets(): readonly ISecret[] {
    return [this.masterSecret, ...this.roleSecrets.all];
  }

  /** Before the instances: RDS would make it without a limit, as soon as one of them logs. */
  #createLog(retention = RetentionDays.ONE_MONTH): LogGroup {
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/rds/cluster/${this.cluster.clusterIdentifier}/postgresql`,
      retention,
    });
    for (const id of INSTANCES) this.cluster.node.tryFindChild(id)?.node.addDependency(log);
    return log;
  }

  /**
   * Lets `fn` run statements as `role`, and sets the variables that `db/data-api/connect.ts` reads.
   *
   * @param options `transactions` says whether it may put several in one @default false
   */
  grantDataApi(
    fn: LambdaFunction,
    role: RoleName,
    { transactions = false }: { readonly transactions?: boolean } = {},
  ): void {
    this.#grantStatements(fn, this.roleSecrets.get(role), transactions);
  }

  /** Lets `fn` run statements as the owner, and read what the roles' secrets hold. */
  grantMigration(fn: LambdaFunction): void {
    this.#grantStatements(fn, this.masterSecret, true);
    const secretArns = this.roleSecrets.all.map(({ secretArn }) => secretArn);
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: secretArns,
      }),
    );
    fn.addEnvironment(ROLE_SECRET_ARNS, Fn.join(' ', secretArns));
  }

  /** Lets `fn` run statements as the owner, and give all secrets with logins new values. */
  grantRotation(fn: LambdaFunction): void {
    this.#grantStatements(fn, this.masterSecret, true);
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: [
          'secretsmanager:DescribeSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: this.loginSecrets.map(({ secretArn }) => secretArn),
      }),
    );
  }

  #grantStatements(fn: LambdaFunction, secret: ISecret, transactions: boolean): void {
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['rds-data:ExecuteStatement', ...(transactions ? TRANSACTIONS : [])],
        resources: [this.cluster.clusterArn],
      }),
    );
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [secret.secretArn],
      }),
    );
    fn.addEnvironment(DATABASE_RESOURCE_ARN, this.cluster.clusterArn);
    fn.addEnvironment(DATABASE_SECRET_ARN, secret.secretArn);
    fn.addEnvironment(DATABASE_NAME, NAME);
  }

  #acknowledgeRules(protectData: boolean): void {
    Validations.of(this.cluster).acknowledge({
      id: 'AwsSolutions-RDS6',
      reason: 'IAM authentication is for connections; here there are none, only Data API calls.',
    });
    if (!protectData) {
      Validations.of(this.cluster).acknowledge({
        id: 'AwsSolutions-RDS10',
        reason: 'The data of this stage may be lost.',
      });
    }
  }
}

/** Without a standby Aurora chooses the zone, and after its loss another. */
function instancesIn({ availabilityZones: [zone, other] }: ec2.IVpc, standby: boolean) {
  const instance = (id: string, props: rds.ServerlessV2ClusterInstanceProps = {}) =>
    rds.ClusterInstance.serverlessV2(id, { publiclyAccessible: false, ...props });
  const [writer, reader] = INSTANCES;
  if (!standby) return { writer: instance(writer) };
  return {
    writer: instance(writer, { availabilityZone: zone }),
    // As large as the writer at every moment, so that it can do the writer's work at once.
    readers: [instance(reader, { availabilityZone: other, scaleWithWriter: true })],
  };
}
