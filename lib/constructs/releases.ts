import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { METRICS } from '../../functions/shared/metric-names.ts';
import { emittedMetric } from './emitted-metric.ts';
import { LIVE, type ReleasedFunction } from './released-function.ts';

/**
 * How functions get a new version: `canary` gives it a tenth of the requests for five minutes, and
 * takes it back when it fails; `at-once` gives it all requests.
 */
export type Release = 'canary' | 'at-once';

const CONFIGS = {
  canary: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  'at-once': LambdaDeploymentConfig.ALL_AT_ONCE,
} as const;

export interface ReleasesProps {
  readonly release: Release;
  /** What answers requests, by the folder of each. */
  readonly functions: Readonly<Record<string, ReleasedFunction>>;
}

/**
 * Lets CodeDeploy move the functions' aliases in a deploy. Where one new version fails, its alias
 * goes back, and CloudFormation takes the whole deploy back.
 */
export class Releases extends Construct {
  readonly #role: iam.Role;
  readonly #alarmNames: string;

  constructor(scope: Construct, id: string, { release, functions }: ReleasesProps) {
    super(scope, id);
    this.#alarmNames = `${Stack.of(this).stackName}-release`;
    this.#role = this.#createRole(release, Object.values(functions));
    const application = new LambdaApplication(this, 'Application');
    for (const [folder, fn] of Object.entries(functions)) {
      const group = new LambdaDeploymentGroup(this, folder, {
        application,
        alias: fn.live,
        deploymentConfig: CONFIGS[release],
        // The CDK would add AWS's own policy to the role, which allows any alias of the account.
        role: this.#role.withoutPolicyUpdates(),
        // At once there is no time in which an alarm could say anything.
        alarms: release === 'canary' ? [this.#createAlarm(folder, fn)] : [],
      });
      group.node.addDependency(this.#role); // and so on what it may do
    }
  }

  #createAlarm(folder: string, fn: ReleasedFunction): cloudwatch.Alarm {
    const { version } = fn.currentVersion;
    return new cloudwatch.Alarm(this, `${folder}Alarm`, {
      // Of a name of its own for each version: one that was on for the version before would forbid
      // the release that mends it.
      alarmName: `${this.#alarmNames}-${folder}-${version}`,
      alarmDescription: `The new version of ${folder} fails, and is taken back: docs/operations.md#a-release-that-is-taken-back`,
      metric: new cloudwatch.MathExpression({
        expression: 'SUM([errors, bugs])',
        usingMetrics: {
          errors: fn.live.metricErrors({
            // Lambda tells versions apart while an alias has two.
            dimensionsMap: {
              FunctionName: fn.functionName,
              Resource: `${fn.functionName}:${LIVE}`,
              ExecutedVersion: version,
            },
            period: Duration.minutes(1),
          }),
          bugs: emittedMetric(this, {
            service: folder,
            name: METRICS.bugs,
            dimensions: { version },
            period: Duration.minutes(1),
          }),
        },
        label: 'failures of the new version',
        period: Duration.minutes(1),
      }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** May move these aliases, and look at the alarms of their releases. */
  #createRole(release: Release, functions: readonly ReleasedFunction[]): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        // Of a function whole: IAM has no resource for an alias here.
        resources: functions.map(({ functionArn }) => functionArn),
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:GetProvisionedConcurrencyConfig'],
        resources: functions.map(({ functionArn }) => `${functionArn}:${LIVE}`),
      }),
    );
    if (release === 'canary') this.#letSeeAlarms(role);
    return role;
  }

  #letSeeAlarms(role: iam.Role): void {
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [
          Stack.of(this).formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: `${this.#alarmNames}-*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:${this.#alarmNames}-*]`,
      reason: "A release's alarms are named by its versions, which are not known before.",
    });
  }
}
