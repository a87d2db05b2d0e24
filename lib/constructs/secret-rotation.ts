import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
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
 * Gives the database roles and the owner new passwords from time to time, the first ones with the
 * deploy, so that whether it works is known by then.
 */
export class SecretRotation extends Construct {
  readonly fn: ServiceFunction;
  readonly #schedules: CfnRotationSchedule[] = [];

  constructor(scope: Construct, id: string, { database, every, logs }: SecretRotationProps) {
    super(scope, id);
    this.fn = new ServiceFunction(this, 'RotateSecret', {
      folder: 'rotate-secret',
      description: 'Run by Secrets Manager: gives a login of the database a new password',
      memorySize: 512, // it waits for the database
      timeout: Duration.minutes(1), // a paused database takes half of it to wake up
      logs,
    });
    database.grantRotation(this.fn);
    for (const role of ROLE_NAMES) this.#rotate(role, database.roleSecrets.get(role), every);
    this.#rotate('owner', database.masterSecret, every);
  }

  /**
   * Lets the first rotations begin when all else is there. A deploy that is taken back would cut
   * one off, and Secrets Manager refuse the schedule of the next try: its rotation is not complete.
   */
  beginAfter(...allElse: readonly IConstruct[]): void {
    const [first, ...others] = this.#schedules; // one that waits for all makes the others wait
    first?.node.addDependency(...allElse);
    for (const schedule of others) schedule.node.addDependency(first!);
  }

  /** The CDK's own RotationSchedule would let the function ask for random passwords, on `*`. */
  #rotate(id: string, { secretArn }: ISecret, every: Duration): void {
    this.fn.addPermission(`${id}Permission`, {
      principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: secretArn,
    });
    const schedule = new CfnRotationSchedule(this, id, {
      secretId: secretArn,
      rotationLambdaArn: this.fn.functionArn,
      rotationRules: { scheduleExpression: `rate(${every.toDays()} days)` },
    });
    schedule.node.addDependency(this.fn); // and with it on the migration, which makes the logins
    this.#schedules.push(schedule);
  }
}
