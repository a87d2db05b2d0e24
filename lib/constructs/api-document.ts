import { Duration, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes } from './api-routes.ts';
import { type LogSettings, ServiceFunction } from './service-function.ts';

/** It waits for nothing. */
const TIMEOUT = Duration.seconds(3);

export interface ApiDocumentProps {
  /** The API that gets the route. */
  readonly httpApi: HttpApi;
  readonly logs: LogSettings;
}

/** What tells anybody how the API is used: a function without a way to the database. */
export class ApiDocument extends Construct {
  readonly fn: ServiceFunction;

  constructor(scope: Construct, id: string, { httpApi, logs }: ApiDocumentProps) {
    super(scope, id);
    this.fn = new ServiceFunction(this, 'OpenApi', {
      folder: 'openapi',
      description: 'GET /api/openapi.json: the OpenAPI document of this API',
      memorySize: 128,
      timeout: TIMEOUT,
      logs,
    });
    const routes = addRoutes(httpApi, 'OpenApi', {
      folder: 'openapi',
      fn: this.fn,
      authorizers: { none: () => new HttpNoneAuthorizer() },
    });
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'It says how the API is used, is the same for everybody, and reads nothing.',
      });
    }
  }
}
