import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OrderDatabase } from './constructs/order-database.ts';
import type { Stage } from './stages.ts';

export interface DatabaseStackProps extends StackProps {
  readonly stage: Stage;
}

/** Everything that must not be lost. */
export class DatabaseStack extends Stack {
  readonly database: OrderDatabase;

  constructor(scope: Construct, id: string, { stage, ...props }: DatabaseStackProps) {
    super(scope, id, {
      description: `Order analytics (${stage.name}): the orders`,
      terminationProtection: stage.database.protectData,
      ...props,
    });
    this.database = new OrderDatabase(this, 'Database', {
      ...stage.database,
      logRetention: stage.logs.retention,
    });

    new CfnOutput(this, 'ClusterArn', { value: this.database.cluster.clusterArn });
    new CfnOutput(this, 'DatabaseLog', { value: this.database.log.logGroupName });
    new CfnOutput(this, 'MasterSecretArn', { value: this.database.masterSecret.secretArn });
  }
}
