import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { EVENT_BUS_NAME } from '../../functions/nightly/env.ts';
import { KEEP_VERSIONS_DAYS } from '../../functions/shared/env.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { addNightlyAlarms } from './nightly-alarms.ts';
import type { OrderDatabase } from './order-database.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

/** For how long a nightly run is tried again: after that the next one is nearer. */
const RETRY_FOR = Duration.hours(6);

/** When the nightly statistics are computed, in UTC. */
export interface NightlySchedule {
  /** Of the hour and minute after midnight; the day that has just ended is computed. */
  readonly hour: number;
  readonly minute: number;
}

export interface NightlyStatsProps {
  readonly database: OrderDatabase;
  readonly schedule: NightlySchedule;
  /** How long what an order was before a change is kept. */
  readonly keepVersionsFor: Duration;
  readonly logs: LogSettings;
  readonly alarmTopic: AlarmTopic;
}

/**
 * Computes each day's statistics in the night after it, tells whoever listens to `bus`, and alarms
 * when a nightly run is missing or found that the roll-up was wrong.
 */
export class NightlyStats extends Construct {
  readonly fn: ReleasedFunction;
  readonly bus: EventBus;
  /** What starts a run that failed until the end. */
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: NightlyStatsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      description: 'Tells that a day of order statistics is computed',
    });
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.fn = this.#createFunction(props);
    this.#createSchedule(props.schedule);
    addNightlyAlarms(new Construct(this, 'Alarms'), props.alarmTopic, this.deadLetters);
  }

  #createFunction({ database, keepVersionsFor, logs }: NightlyStatsProps): ReleasedFunction {
    const fn = new ReleasedFunction(this, 'DailyStats', {
      folder: 'nightly',
      description: "The nightly job: computes the day's statistics and proves the roll-up",
      memorySize: 512, // it waits for the database
      timeout: Duration.minutes(15),
      logs,
    });
    database.grantDataApi(fn, 'daily_stats');
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
      }),
    );
    fn.addEnvironment(EVENT_BUS_NAME, this.bus.eventBusName);
    fn.addEnvironment(KEEP_VERSIONS_DAYS, String(keepVersionsFor.toDays()));
    // Scheduler's own retries end once Lambda has taken the event; from there on it is Lambda that
    // tries again what the function fails at: of the alias, which is what the schedule calls.
    fn.live.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: RETRY_FOR,
      onFailure: new SqsDestination(this.deadLetters.queue),
    });
    return fn;
  }

  #createSchedule({ hour, minute }: NightlySchedule): void {
    const role = this.#createSchedulerRole();
    new Schedule(this, 'Schedule', {
      description: 'Computes the statistics of the day that has just ended (UTC)',
      schedule: ScheduleExpression.cron({ hour: String(hour), minute: String(minute) }),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(this.fn.live, {
        role: role.withoutPolicyUpdates(), // the CDK would let it call every version
        input: ScheduleTargetInput.fromObject({ scheduled_time: ContextAttribute.scheduledTime }),
        retryAttempts: 24,
        maxEventAge: RETRY_FOR,
        deadLetterQueue: this.deadLetters.queue,
      }),
    });
  }

  /** May start the function and leave a dead letter, for schedules of this account alone. */
  #createSchedulerRole(): iam.Role {
    const stack = Stack.of(this);
    const schedules = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
    const role = new iam.Role(this, 'SchedulerRole', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': schedules },
        },
      }),
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.fn.live.functionArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queue.queueArn],
      }),
    );
    return role;
  }
}
