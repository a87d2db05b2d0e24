import {
  type HttpApi,
  HttpMethod,
  type HttpRoute,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IAlias } from 'aws-cdk-lib/aws-lambda';
import { listRoutes, type Route } from '../../functions/routes.ts';

export interface FunctionRoutesProps {
  /** The folder of the function, whose routes the table names. */
  readonly folder: string;
  /** By which that is called. */
  readonly alias: IAlias;
  /** What lets callers pass, for each way in that these routes have. */
  readonly authorizers: Partial<Record<Route['access'], () => IHttpRouteAuthorizer>>;
}

/**
 * Adds all routes that the table gives to a function.
 *
 * @param id of the integration
 * @throws when a route has a method or asks for an authorizer that there is not
 */
export function addRoutes(
  httpApi: HttpApi,
  id: string,
  { folder, alias, authorizers }: FunctionRoutesProps,
): HttpRoute[] {
  const integration = new HttpLambdaIntegration(id, alias);
  return listRoutes(folder).flatMap(({ routeKey, route }) => {
    const authorizer = authorizers[route.access]?.();
    if (!authorizer) throw new Error(`There is no authorizer of ${routeKey} (${route.access}).`);
    const [name, path = ''] = routeKey.split(' ');
    const method = Object.values(HttpMethod).find((known) => known === name);
    if (!method) throw new Error(`API Gateway knows no method ${name}.`);
    return httpApi.addRoutes({ path, methods: [method], integration, authorizer });
  });
}
