import type {
  LocalAuthorization,
  LocalFunction,
  LocalHttpApi,
  LocalRoute,
  LocalThrottle,
} from './model.ts';
import type { Properties, ResolvedResource } from './resolved-resource.ts';

type FunctionOf = (arn: string) => LocalFunction;

/** The HTTP APIs with their routes, each with its function, its authorization and its throttle. */
export function readHttpApis(
  resources: readonly ResolvedResource[],
  functionOf: FunctionOf,
): LocalHttpApi[] {
  const ofApi = (type: string, apiId: string) =>
    resources.filter(
      (r) => r.type === `AWS::ApiGatewayV2::${type}` && r.properties.ApiId === apiId,
    );

  return resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Api')
    .map(({ ref: id, logicalId, properties }) => {
      if (properties.ProtocolType !== 'HTTP') throw new Error(`${logicalId} is not an HTTP API.`);
      const [stage] = ofApi('Stage', id);
      const integrations = ofApi('Integration', id);
      const authorizers = ofApi('Authorizer', id);
      return {
        id,
        name: properties.Name ?? logicalId,
        stage: stage?.ref ?? '$default',
        routes: ofApi('Route', id).map(({ properties: route }): LocalRoute => {
          const target = integrations.find(({ ref }) => route.Target === `integrations/${ref}`);
          return {
            routeKey: route.RouteKey,
            function: integratedFunction(target, functionOf),
            authorization: readAuthorization(route, authorizers, functionOf),
            throttle: readThrottle(stage?.properties ?? {}, route.RouteKey),
          };
        }),
      };
    });
}

function integratedFunction(
  integration: ResolvedResource | undefined,
  functionOf: FunctionOf,
): LocalFunction {
  const p = integration?.properties ?? {};
  if (p.IntegrationType !== 'AWS_PROXY' || p.PayloadFormatVersion !== '2.0') {
    throw new Error(
      `The local gateway knows only Lambda proxy integrations of payload format 2.0 (${integration?.logicalId}).`,
    );
  }
  return functionOf(p.IntegrationUri);
}

function readAuthorization(
  route: Properties,
  authorizers: readonly ResolvedResource[],
  functionOf: FunctionOf,
): LocalAuthorization {
  const type = route.AuthorizationType ?? 'NONE';
  if (type === 'NONE' || type === 'AWS_IAM') return { type };
  const authorizer = authorizers.find(({ ref }) => ref === route.AuthorizerId);
  const p = authorizer?.properties;
  if (
    type !== 'CUSTOM' ||
    !authorizer ||
    p?.AuthorizerType !== 'REQUEST' ||
    !p.EnableSimpleResponses
  ) {
    throw new Error(
      `The local gateway knows IAM and Lambda authorizers with simple responses, not ${route.RouteKey}'s.`,
    );
  }
  // apigateway:<region>:lambda:path/2015-03-31/functions/<function's ARN>/invocations
  const functionArn = String(p.AuthorizerUri).match(/functions\/(.+)\/invocations$/)?.[1] ?? '';
  return {
    type,
    authorizer: {
      id: authorizer.ref,
      function: functionOf(functionArn),
      identitySources: p.IdentitySource ?? [],
      resultTtlSeconds: p.AuthorizerResultTtlInSeconds ?? 300,
    },
  };
}

function readThrottle(stage: Properties, routeKey: string): LocalThrottle | undefined {
  const settings = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[routeKey] };
  const { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit } = settings;
  return rateLimit === undefined ? undefined : { rateLimit, burstLimit: burstLimit ?? rateLimit };
}
