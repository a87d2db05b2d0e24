import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { NightlySchedule } from './constructs/nightly-stats.ts';
import type { Throttle } from './constructs/order-api.ts';
import type { OrderDatabaseProps } from './constructs/order-database.ts';
import type { LogSettings } from './constructs/service-function.ts';

/** One deployment of the service: its name, and everything in which it differs from the others. */
export interface Stage {
  readonly name: string;
  readonly database: Required<OrderDatabaseProps>;
  readonly logs: LogSettings;
  readonly throttle: Throttle;
  readonly nightly: NightlySchedule;
}

/** In UTC, in which days end: late enough for what is uploaded at midnight to be there. */
const NIGHTLY: NightlySchedule = { hour: 0, minute: 15 };

const STAGES: readonly Stage[] = [
  {
    name: 'dev',
    database: {
      // Costs no capacity while nobody works; waking up takes 10 to 30 s.
      capacity: { minAcu: 0, maxAcu: 2, pauseAfter: Duration.minutes(5) },
      backupRetention: Duration.days(1), // the least that Aurora takes
      protectData: false,
    },
    logs: { level: 'DEBUG', retention: RetentionDays.ONE_WEEK },
    throttle: { requestsPerSecond: 20, burst: 40 },
    nightly: NIGHTLY,
  },
  {
    name: 'production',
    database: {
      // Never paused: a seller's upload does not wait for a database that wakes up.
      capacity: { minAcu: 0.5, maxAcu: 16 },
      backupRetention: Duration.days(14),
      protectData: true,
    },
    logs: { level: 'INFO', retention: RetentionDays.THREE_MONTHS },
    throttle: { requestsPerSecond: 200, burst: 400 },
    nightly: NIGHTLY,
  },
];

/** A stage was asked for that this app does not have. */
export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
  readonly stage: string;

  constructor(stage: string) {
    const known = STAGES.map(({ name }) => name).join(', ');
    super(`There is no stage "${stage}". The stages are: ${known} (choose one with -c stage=…).`);
    this.stage = stage;
  }
}

/** @throws {UnknownStageError} when no stage has that name */
export function getStage(name: string): Stage {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (!stage) throw new UnknownStageError(name);
  return stage;
}
