import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { IAlias } from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { listRoutes, type Route, type SellerFolder } from '../../functions/routes.ts';
import { addRoutes } from './api-routes.ts';

/** How many requests of a route all callers together may send; the rest are answered 429. */
export interface Throttle {
  readonly requestsPerSecond: number;
  /** How many may come at once before `requestsPerSecond` holds. */
  readonly burst: number;
}

/** Of each route alone, by the throttle that the table of routes gives it. */
export type Throttles = Readonly<Record<Route['throttle'], Throttle>>;

export interface OrderApiProps {
  /** By which the functions that answer sellers are called, by their folders. */
  readonly functions: Readonly<Record<SellerFolder, IAlias>>;
  /** Of what says whose a seller's key is. */
  readonly authorize: IAlias;
  /** How long its answer is kept. */
  readonly keysRememberedFor: Duration;
  readonly throttles: Throttles;
  readonly logRetention: logs.RetentionDays;
}

/**
 * The HTTP API that sellers' systems call with their keys, with a log line for every request.
 * What people with AWS credentials call is added to `httpApi` by others.
 */
export class OrderApi extends Construct {
  readonly httpApi: HttpApi;
  readonly stage: HttpStage;
  /** Without a slash at its end. */
  readonly url: string;
  readonly accessLog: logs.LogGroup;

  constructor(scope: Construct, id: string, props: OrderApiProps) {
    super(scope, id);
    const { throttles } = props;
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'Upload orders and read their statistics',
      createDefaultStage: false,
    });
    this.url = this.httpApi.apiEndpoint;
    const sellers = new HttpLambdaAuthorizer('Sellers', props.authorize, {
      authorizerName: 'sellers-keys',
      identitySource: ['$request.header.Authorization'],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: props.keysRememberedFor,
    });
    const functions = Object.entries(props.functions);
    const routes = functions.flatMap(([folder, alias]) => {
      const id = folder[0]?.toUpperCase() + folder.slice(1);
      return addRoutes(this.httpApi, id, { folder, alias, authorizers: { key: () => sellers } });
    });

    this.accessLog = new logs.LogGroup(this, 'AccessLog', {
      // Groups of other names each take a line of the account's policy, which has 5,120 characters.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}-access`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = this.#createStage(throttles.others);
    // CloudFormation refuses settings of a route that is not there.
    this.stage.node.addDependency(...routes);
    // The CDK's stage has one throttle for all routes.
    (this.stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      functions
        .flatMap(([folder]) => listRoutes(folder))
        .map(({ routeKey, route }) => [routeKey, routeSettings(throttles[route.throttle])]),
    );
  }

  #createStage(throttle: Throttle): HttpStage {
    return new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      detailedMetricsEnabled: true, // by route
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
  }
}

/** What is said of a route takes the place of all that is said of every route. */
function routeSettings({ requestsPerSecond, burst }: Throttle) {
  return {
    ThrottlingRateLimit: requestsPerSecond,
    ThrottlingBurstLimit: burst,
    DetailedMetricsEnabled: true,
  };
}

/**
 * Neither the query string nor the path, which name sellers, nor headers, which hold keys.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG_FIELDS = {
  time: '$context.requestTimeEpoch',
  request_id: '$context.requestId',
  source_ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  response_bytes: '$context.responseLength',
  latency_ms: '$context.responseLatency',
  integration_status: '$context.integrationStatus',
  integration_latency_ms: '$context.integrationLatency',
  function_request_id: '$context.integration.requestId',
  integration_error: '$context.integrationErrorMessage',
  key_id: '$context.authorizer.key_id',
  authorizer_error: '$context.authorizer.error',
  caller: '$context.identity.caller',
  error: '$context.error.message',
};
