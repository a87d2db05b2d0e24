import { Duration } from 'aws-cdk-lib';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import type { OrderDatabase } from './order-database.ts';
import { type LogSettings, ServiceFunction } from './service-function.ts';

/** For building an index over a big table. */
const TIMEOUT = Duration.minutes(13);
/**
 * How long the CDK's function waits for it, with its start and its answer. That one has Lambda's 15
 * minutes: time to tell CloudFormation how it went.
 */
const WAITED_FOR = Duration.minutes(14);

export interface MigrationProps {
  readonly database: OrderDatabase;
  readonly logs: LogSettings;
}

/**
 * Brings the schema and the database roles up to date in every deploy that changes a migration. One
 * that fails undoes the deploy, so no function ever runs on a schema older than its code. Invoked
 * by hand it does no harm, and gives the roles' logins the passwords of their secrets again.
 */
export class Migration extends Construct {
  readonly fn: ServiceFunction;
  readonly #trigger: Trigger;

  constructor(scope: Construct, id: string, { database, logs }: MigrationProps) {
    super(scope, id);
    this.fn = new ServiceFunction(this, 'Migrate', {
      folder: 'migrate',
      description: 'Run by the deploy: brings the database schema and roles up to date',
      memorySize: 512, // it waits for the database
      timeout: TIMEOUT,
      logs,
      keepsLog: true, // why a first deploy failed, which takes everything else back
    });
    database.grantMigration(this.fn);
    this.#trigger = new Trigger(this, 'Trigger', {
      handler: this.fn,
      timeout: WAITED_FOR,
    });
  }

  /** Lets `functions` change only when the schema that they need is there. */
  runBefore(...functions: readonly ServiceFunction[]): void {
    this.#trigger.executeBefore(...functions);
  }
}
