import { type Duration, Stack, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { KEY_ENVIRONMENT, type KeyEnvironment } from '../../functions/shared/env.ts';
import { addRoutes } from './api-routes.ts';
import type { OrderDatabase } from './order-database.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

export interface SellerKeysProps {
  readonly database: OrderDatabase;
  /** What the keys begin with: `oa_live_` or `oa_test_`. */
  readonly environment: KeyEnvironment;
  /** Of the function that checks keys, for which a request waits. */
  readonly authorizeTimeout: Duration;
  /** Of the function that makes keys. */
  readonly keysTimeout: Duration;
  readonly logs: LogSettings;
}

/** What checks sellers' keys, and what makes them for people with AWS credentials. */
export class SellerKeys extends Construct {
  /** Says whose a key is and what it may do. */
  readonly authorize: ReleasedFunction;
  /** Makes, lists, rotates and revokes keys. */
  readonly keys: ReleasedFunction;

  constructor(scope: Construct, id: string, props: SellerKeysProps) {
    super(scope, id);
    const { database, environment, logs } = props;
    this.authorize = new ReleasedFunction(this, 'Authorize', {
      folder: 'authorize',
      description: "Says whose a seller's key is and what it may do",
      memorySize: 512, // a request waits for it, and for its start
      timeout: props.authorizeTimeout,
      logs,
    });
    database.grantDataApi(this.authorize, 'authorize');
    this.keys = new ReleasedFunction(this, 'Keys', {
      folder: 'keys',
      description: "/admin/api/keys, /admin/keys: makes, lists, rotates and revokes sellers' keys",
      memorySize: 512, // it waits for the database
      timeout: props.keysTimeout,
      logs,
    });
    database.grantDataApi(this.keys, 'keys');
    for (const fn of [this.authorize, this.keys]) fn.addEnvironment(KEY_ENVIRONMENT, environment);
  }

  /**
   * Adds the routes of `keys`, behind IAM, and a policy for the people who may change keys.
   * Those who may see the admin's pages may see keys, without their secrets, already.
   */
  addRoutes(httpApi: HttpApi): iam.ManagedPolicy {
    addRoutes(httpApi, 'Keys', {
      folder: 'keys',
      alias: this.keys.live,
      authorizers: { iam: () => new HttpIamAuthorizer() },
    });
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Make, rotate and revoke sellers' keys of ${Stack.of(this).stackName}`,
      statements: [
        new iam.PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: ['/admin/api/keys', '/admin/api/keys/*', '/admin/keys/*'].map((path) =>
            httpApi.arnForExecuteApi(HttpMethod.POST, path, '$default'),
          ),
        }),
      ],
    });
    const { Ref: api } = Stack.of(httpApi).resolve(httpApi.apiId);
    for (const path of ['/admin/api/keys/*', '/admin/keys/*']) {
      Validations.of(policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/$default/POST${path}]`,
        reason: "A key's id is in the path.",
      });
    }
    return policy;
  }
}
