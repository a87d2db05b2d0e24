/** What the synthesized templates say of the parts that the stand-ins can run. */
export interface LocalApp {
  readonly functions: readonly LocalFunction[];
  readonly httpApis: readonly LocalHttpApi[];
  readonly clusters: readonly LocalCluster[];
  readonly secrets: readonly LocalSecret[];
  readonly rotations: readonly LocalRotation[];
  /** The functions that the deploy runs, in the order of the stacks. */
  readonly triggers: readonly LocalTrigger[];
  readonly schedules: readonly LocalSchedule[];
  readonly eventBuses: readonly LocalEventBus[];
  readonly queues: readonly LocalQueue[];
}

export interface LocalFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Names by which it is called as well, behind its own and a colon. */
  readonly aliases: readonly string[];
  /** The folder with the bundle, as it would be zipped. */
  readonly codeDir: string;
  /** `index.handler` */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly logGroup: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly asyncInvoke: LocalAsyncInvoke;
}

/**
 * How often and for how long Lambda gives an event again that was sent without
 * waiting for an answer.
 */
export interface LocalAsyncInvoke {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The ARN of the queue that gets what is given up. */
  readonly onFailure: string | undefined;
}

export interface LocalQueue {
  readonly logicalId: string;
  readonly arn: string;
}

export interface LocalEventBus {
  readonly name: string;
  readonly arn: string;
}

export interface LocalHttpApi {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly routes: readonly LocalRoute[];
}

export interface LocalRoute {
  /** `POST /api/orders/upload`, or `$default` */
  readonly routeKey: string;
  readonly function: LocalFunction;
  readonly authorization: LocalAuthorization;
  readonly throttle: LocalThrottle | undefined;
}

export type LocalAuthorization =
  | { readonly type: 'NONE' }
  | { readonly type: 'AWS_IAM' }
  | { readonly type: 'CUSTOM'; readonly authorizer: LocalAuthorizer };

/** A Lambda authorizer with simple responses. */
export interface LocalAuthorizer {
  readonly id: string;
  readonly function: LocalFunction;
  /** `$request.header.Authorization` and the like; all must be there. */
  readonly identitySources: readonly string[];
  /** How long an answer is kept, in seconds; 0 for not at all. */
  readonly resultTtlSeconds: number;
}

export interface LocalThrottle {
  /** Requests a second. */
  readonly rateLimit: number;
  readonly burstLimit: number;
}

export interface LocalCluster {
  readonly logicalId: string;
  readonly resourceArn: string;
  readonly databaseName: string;
  readonly masterUsername: string;
}

export interface LocalSecret {
  readonly logicalId: string;
  readonly secretArn: string;
  /** The `username` that the secret is generated with, when it is a database user's. */
  readonly username: string | undefined;
}

/** What gives a secret new values. */
export interface LocalRotation {
  readonly secretArn: string;
  readonly function: LocalFunction;
}

export interface LocalTrigger {
  readonly logicalId: string;
  readonly function: LocalFunction;
}

export interface LocalSchedule {
  readonly logicalId: string;
  readonly arn: string;
  /** `cron(15 0 * * ? *)`, `rate(1 hour)` */
  readonly expression: string;
  readonly timezone: string;
  readonly target: LocalFunction;
  readonly input: string | undefined;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}
