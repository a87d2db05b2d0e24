import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ROLE_NAMES } from '../../db/roles/names.ts';
import type { OrderDatabase } from './order-database.ts';
import { type LogSettings, ServiceFunction } from './service-function.ts';

export interface SecretRotationProps {
  readonly database: OrderDatabase;
  /** Whole days, from 1 to 1,000. */
  readonly every: Duration;
  readonly logs: LogSettings;
}

/**
 * Gives the database roles new passwords from time to time, the first one with the deploy,
 * so that whether it works is known by then.
 */
export class SecretRotation extends Construct {
  readonly fn: ServiceFunction;

  constructor(scope: Construct, id: string, { database, every, logs }: SecretRotationProps) {
    super(scope, id);
    this.fn = new ServiceFunction(this, 'RotateSecret', {
      folder: 'rotate-secret',
      description:
        'Run by Secrets Manager: gives a database role its other login, with a new password',
      memorySize: 512, // it waits for the database
      timeout: Duration.minutes(1), // a paused database takes half of it to wake up
      logs,
    });
    database.grantRotation(this.fn);
    // The CDK's own RotationSchedule would let the function ask for random passwords, on `*`.
    for (const role of ROLE_NAMES) {
      const { secretArn } = database.roleSecrets.get(role);
      this.fn.addPermission(`${role}Permission`, {
        principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
        sourceAccount: Stack.of(this).account,
        sourceArn: secretArn,
      });
      const schedule = new CfnRotationSchedule(this, role, {
        secretId: secretArn,
        rotationLambdaArn: this.fn.functionArn,
        rotationRules: { scheduleExpression: `rate(${every.toDays()} days)` },
      });
      schedule.node.addDependency(this.fn); // and with it on the migration, which makes the logins
    }
  }
}
