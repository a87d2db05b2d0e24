import { type Duration, Stack, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CANCELLED_STATUSES, NIGHTLY_AT } from '../../functions/admin/env.ts';
import { addRoutes } from './api-routes.ts';
import type { NightlySchedule } from './nightly-stats.ts';
import type { OrderDatabase } from './order-database.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

export interface AdminProps {
  /** The API that gets the admin's routes. */
  readonly httpApi: HttpApi;
  readonly database: OrderDatabase;
  /** When the nightly statistics are computed, for the page that shows it. */
  readonly nightly: NightlySchedule;
  /** Statuses, in any case, whose orders are no revenue. */
  readonly cancelledStatuses: readonly string[];
  readonly timeout: Duration;
  readonly logs: LogSettings;
}

/**
 * The pages on which people look at orders, behind API Gateway's IAM authorizer: nobody sees them
 * who does not sign with AWS credentials that `policy`, or what stands for it, allows.
 */
export class Admin extends Construct {
  readonly fn: ReleasedFunction;
  /** Attached to the people who may look. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: AdminProps) {
    super(scope, id);
    this.fn = new ReleasedFunction(this, 'Admin', {
      folder: 'admin',
      description: 'GET /admin/…: pages of orders, sellers and nightly runs',
      memorySize: 1024, // writing a page's HTML and waiting for the database in equal parts
      timeout: props.timeout,
      logs: props.logs,
    });
    props.database.grantDataApi(this.fn, 'admin');
    this.fn.addEnvironment(NIGHTLY_AT, timeOfDay(props.nightly));
    this.fn.addEnvironment(
      CANCELLED_STATUSES,
      JSON.stringify(props.cancelledStatuses.map((status) => status.toLowerCase())),
    );

    addRoutes(props.httpApi, 'Admin', {
      folder: 'admin',
      alias: this.fn.live,
      authorizers: { iam: () => new HttpIamAuthorizer() },
    });
    this.policy = this.#createPolicy(props.httpApi);
  }

  /** What `npm run admin` needs: the pages, and the stack's output that says where they are. */
  #createPolicy(httpApi: HttpApi): iam.ManagedPolicy {
    const stack = Stack.of(this);
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Look at the orders of ${stack.stackName}`,
      statements: [
        new iam.PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: ['/admin', '/admin/*'].map((path) =>
            httpApi.arnForExecuteApi(HttpMethod.GET, path, '$default'),
          ),
        }),
        new iam.PolicyStatement({
          actions: ['cloudformation:DescribeStacks'],
          resources: [
            stack.formatArn({
              service: 'cloudformation',
              resource: 'stack',
              resourceName: `${stack.stackName}/*`, // ends in an id of each stack's own
            }),
          ],
        }),
      ],
    });
    acknowledgeWildcards(policy, [
      `execute-api:<AWS::Region>:<AWS::AccountId>:<${logicalIdOf(httpApi)}>/$default/GET/admin/*`,
      `cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${stack.stackName}/*`,
    ]);
    return policy;
  }
}

/** @param resources of the policy, as cdk-nag writes them, without what every ARN begins with */
function acknowledgeWildcards(policy: iam.ManagedPolicy, resources: readonly string[]): void {
  for (const resource of resources) {
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${resource}]`,
      reason: "All pages are below /admin, and a stack's ARN ends in an id that changes.",
    });
  }
}

function logicalIdOf(httpApi: HttpApi): string {
  return Stack.of(httpApi).resolve(httpApi.apiId).Ref;
}

/** `00:15` */
function timeOfDay({ hour, minute }: NightlySchedule): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
