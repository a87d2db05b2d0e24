import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../functions/shared/env.ts';
import { functionCode } from './function-code.ts';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface LogSettings {
  /** Lines below it are not written. */
  readonly level: LogLevel;
  readonly retention: logs.RetentionDays;
}

export interface ServiceFunctionProps {
  /** The folder under `functions/` whose `handler.ts` exports `handler`. */
  readonly folder: string;
  readonly description: string;
  /** In MiB, 128 to 10,240. Lambda gives processor time by it: 1,769 is one whole vCPU. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly logs: LogSettings;
  /**
   * Whether its log stays when the stack goes, until the lines are as old as the stage keeps them.
   *
   * @default false
   */
  readonly keepsLog?: boolean;
  /**
   * How many of its requests may run at once; so many are kept free for it.
   *
   * @default as many as the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * How large V8 may make each half of the space for young objects, in MiB.
   * Less means that garbage is collected earlier.
   *
   * @default V8's own choice
   */
  readonly maxSemiSpaceMb?: number;
}

/**
 * A Lambda function of ours. Its role may write its own log and nothing else, until a construct
 * grants it more.
 */
export class ServiceFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: props.logs.retention,
      removalPolicy: props.keepsLog ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);

    super(scope, id, {
      description: props.description,
      code: functionCode(props.folder),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Lambda has a level of its own, INFO by default, and drops what is below it.
      applicationLogLevelV2: lambda.ApplicationLogLevel[props.logs.level],
      environment: {
        NODE_OPTIONS: nodeOptions(props),
        POWERTOOLS_LOG_LEVEL: props.logs.level,
        // A stage's metrics are its own, also where two stages share an account.
        [METRICS_NAMESPACE]: Stack.of(scope).stackName,
        POWERTOOLS_SERVICE_NAME: props.folder,
      },
    });
  }
}

function nodeOptions({ maxSemiSpaceMb }: ServiceFunctionProps): string {
  const limit = maxSemiSpaceMb === undefined ? [] : [`--max-semi-space-size=${maxSemiSpaceMb}`];
  return ['--enable-source-maps', ...limit].join(' ');
}
