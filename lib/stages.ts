import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { KeyEnvironment } from '../functions/shared/env.ts';
import type { NightlySchedule } from './constructs/nightly-stats.ts';
import type { Throttles } from './constructs/order-api.ts';
import type { OrderDatabaseProps } from './constructs/order-database.ts';
import type { Release } from './constructs/releases.ts';
import type { AlarmLimits } from './constructs/service-alarms.ts';
import type { LogSettings } from './constructs/service-function.ts';
import type { CustomDomain } from './custom-domain.ts';
import { DeployOptionError } from './deploy-option-error.ts';
import type { ReservedConcurrency } from './reserved-concurrency.ts';

/** One deployment of the service: its name, and everything in which it differs from the others. */
export interface Stage {
  readonly name: string;
  readonly database: Required<Omit<OrderDatabaseProps, 'logRetention'>>;
  readonly logs: LogSettings;
  readonly throttles: Throttles;
  /** @default none, which works in every account */
  readonly reservedConcurrency?: ReservedConcurrency;
  readonly keys: KeySettings;
  /** How functions get a new version. */
  readonly release: Release;
  /** A name of our own for its API. @default what the deploy is told, or API Gateway's alone */
  readonly domain?: CustomDomain;
  /** How often the logins of the database get new passwords. */
  readonly rotateSecretsEvery: Duration;
  readonly nightly: NightlySchedule;
  /** Statuses, in any case, whose orders the admin counts as no revenue where it says so. */
  readonly cancelledStatuses: readonly string[];
  /** How long what an order was before a change can be read and restored. */
  readonly keepVersionsFor: Duration;
  readonly alarms: AlarmSettings;
}

/** When somebody is called. */
export interface AlarmSettings extends AlarmLimits {
  /** Whether the stage is refused when nobody is told of its alarms. */
  readonly mustBeHeard: boolean;
}

/** Sellers' keys. */
export interface KeySettings {
  /** What this stage's keys begin with: `oa_live_` or `oa_test_`. */
  readonly environment: KeyEnvironment;
  /** How long API Gateway remembers a key, and so how long a revoked one may still open doors. */
  readonly rememberedFor: Duration;
}

/** One database call a minute for each key in use; a leaked key is dead within a minute. */
const REMEMBERED_FOR = Duration.minutes(1);

const ROTATE_SECRETS_EVERY = Duration.days(30);

/** In UTC, in which days end: late enough for what is uploaded at midnight to be there. */
const NIGHTLY: NightlySchedule = { hour: 0, minute: 15 };

/** A year and a month: a wrong upload of last year's season can be looked into. */
const KEEP_VERSIONS_FOR = Duration.days(400);

/** Usual words in small letters; statuses are the sellers' own. */
const CANCELLED_STATUSES = ['cancelled', 'canceled', 'voided', 'refunded', 'returned'];

const ALARM_LIMITS: AlarmLimits = { serverErrorsPercent: 1, p99LatencyMs: 10_000 };

const STAGES: readonly Stage[] = [
  {
    name: 'dev',
    database: {
      // Costs no capacity while nobody works; waking up takes 10 to 30 s.
      capacity: { minAcu: 0, maxAcu: 2, pauseAfter: Duration.minutes(5) },
      backupRetention: Duration.days(1), // the least that Aurora takes
      standby: false,
      protectData: false,
    },
    logs: { level: 'DEBUG', retention: RetentionDays.ONE_WEEK },
    throttles: {
      upload: { requestsPerSecond: 10, burst: 20 },
      orders: { requestsPerSecond: 20, burst: 40 },
      stats: { requestsPerSecond: 20, burst: 40 },
      others: { requestsPerSecond: 10, burst: 20 },
    },
    keys: { environment: 'test', rememberedFor: REMEMBERED_FOR },
    release: 'at-once',
    rotateSecretsEvery: ROTATE_SECRETS_EVERY,
    nightly: NIGHTLY,
    cancelledStatuses: CANCELLED_STATUSES,
    keepVersionsFor: KEEP_VERSIONS_FOR,
    alarms: { ...ALARM_LIMITS, mustBeHeard: false },
  },
  {
    name: 'production',
    database: {
      // Never paused: a seller's upload does not wait for a database that wakes up.
      capacity: { minAcu: 0.5, maxAcu: 16 },
      backupRetention: Duration.days(14),
      standby: true,
      protectData: true,
    },
    logs: { level: 'INFO', retention: RetentionDays.THREE_MONTHS },
    throttles: {
      upload: { requestsPerSecond: 50, burst: 100 }, // each may carry 40,000 orders
      orders: { requestsPerSecond: 100, burst: 200 }, // each may answer a megabyte
      stats: { requestsPerSecond: 200, burst: 400 },
      others: { requestsPerSecond: 20, burst: 40 }, // people
    },
    // The account must have 100 more than both, for all that has no limit of its own.
    reservedConcurrency: { upload: 100, amend: 100 },
    keys: { environment: 'live', rememberedFor: REMEMBERED_FOR },
    release: 'canary',
    rotateSecretsEvery: ROTATE_SECRETS_EVERY,
    nightly: NIGHTLY,
    cancelledStatuses: CANCELLED_STATUSES,
    keepVersionsFor: KEEP_VERSIONS_FOR,
    alarms: { ...ALARM_LIMITS, noUploadFor: Duration.hours(24), mustBeHeard: true },
  },
];

/** A stage was asked for that this app does not have. */
export class UnknownStageError extends DeployOptionError {
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
