import { type Duration, Stack, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { addRoutes } from './api-routes.ts';
import type { OrderDatabase } from './order-database.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

export interface ActionsProps {
  /** The API that gets the routes. */
  readonly httpApi: HttpApi;
  readonly database: OrderDatabase;
  readonly timeout: Duration;
  readonly logs: LogSettings;
}

/**
 * The pages on which people delete orders, undo uploads and change what is set of sellers. `policy`
 * is of its own: who has that of the admin alone sees what would come of it, and can do nothing.
 */
export class Actions extends Construct {
  readonly fn: ReleasedFunction;
  /** Attached to the people who may act. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: ActionsProps) {
    super(scope, id);
    const { httpApi } = props;
    this.fn = new ReleasedFunction(this, 'Actions', {
      folder: 'actions',
      description: '/admin/actions: deletes orders, undoes uploads, changes settings of sellers',
      memorySize: 512, // it waits for the database, where all is done
      timeout: props.timeout,
      logs: props.logs,
    });
    props.database.grantDataApi(this.fn, 'actions');
    addRoutes(httpApi, 'Actions', {
      folder: 'actions',
      alias: this.fn.live,
      authorizers: { iam: () => new HttpIamAuthorizer() },
    });
    const path = '/admin/actions/*';
    const stack = Stack.of(this);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Delete orders, undo uploads and change sellers of ${stack.stackName}`,
      statements: [
        new iam.PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: [httpApi.arnForExecuteApi(HttpMethod.POST, path, '$default')],
        }),
      ],
    });
    const { Ref: api } = Stack.of(httpApi).resolve(httpApi.apiId);
    Validations.of(this.policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/$default/POST${path}]`,
      reason: 'All actions are below this path.',
    });
  }
}
