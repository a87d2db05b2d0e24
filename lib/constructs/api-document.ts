import { Duration, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes } from './api-routes.ts';
import { ReleasedFunction } from './released-function.ts';
import type { LogSettings } from './service-function.ts';

/** It waits for nothing; the page is made once in a function's life. */
const TIMEOUT = Duration.seconds(5);

/** Whose share of a processor makes the page in half a second or so; 128 would take two. */
const MEMORY_MIB = 512;

export interface ApiDocumentProps {
  /** The API that gets the route. */
  readonly httpApi: HttpApi;
  readonly logs: LogSettings;
}

/** What tells anybody how the API is used: a function without a way to the database. */
export class ApiDocument extends Construct {
  readonly fn: ReleasedFunction;

  constructor(scope: Construct, id: string, { httpApi, logs }: ApiDocumentProps) {
    super(scope, id);
    this.fn = new ReleasedFunction(this, 'OpenApi', {
      folder: 'openapi',
      description: 'GET /api/openapi.json, /api/docs: how the API is used, for machines and people',
      memorySize: MEMORY_MIB,
      timeout: TIMEOUT,
      logs,
    });
    const routes = addRoutes(httpApi, 'OpenApi', {
      folder: 'openapi',
      alias: this.fn.live,
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
