import { type Duration, Stack } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { UPLOADS_END_WITHIN_S } from '../../functions/sellers/env.ts';
import { addRoutes } from './api-routes.ts';
import type { OrderDatabase } from './order-database.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

export interface SellersProps {
  /** The API that gets the routes. */
  readonly httpApi: HttpApi;
  readonly database: OrderDatabase;
  /** How long API Gateway remembers a seller's key. */
  readonly keysRememberedFor: Duration;
  /** Of this function, and of those that a seller's key opens. */
  readonly timeout: Duration;
  readonly logs: LogSettings;
}

/**
 * What erases a seller for people with AWS credentials. It cannot be undone: `policy` is of its
 * own, so that neither who may see the admin's pages nor who may change keys may do it, too.
 */
export class Sellers extends Construct {
  readonly fn: ReleasedFunction;
  /** Attached to the people who may erase sellers. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: SellersProps) {
    super(scope, id);
    const { httpApi, keysRememberedFor, timeout } = props;
    this.fn = new ReleasedFunction(this, 'Sellers', {
      folder: 'sellers',
      description: '/admin/api/sellers, /admin/erase-seller: erases all that there is of a seller',
      memorySize: 512, // it waits for the database
      timeout,
      logs: props.logs,
    });
    props.database.grantDataApi(this.fn, 'sellers', { transactions: true });
    this.fn.addEnvironment(
      UPLOADS_END_WITHIN_S,
      String(keysRememberedFor.toSeconds() + timeout.toSeconds()),
    );
    addRoutes(httpApi, 'Sellers', {
      folder: 'sellers',
      alias: this.fn.live,
      authorizers: { iam: () => new HttpIamAuthorizer() },
    });
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Erase sellers of ${Stack.of(this).stackName}`,
      statements: [
        new iam.PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: ['/admin/api/sellers/erase', '/admin/erase-seller'].map((path) =>
            httpApi.arnForExecuteApi(HttpMethod.POST, path, '$default'),
          ),
        }),
      ],
    });
  }
}
