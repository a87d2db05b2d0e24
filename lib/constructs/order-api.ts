import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** How many requests all callers together may send; the rest are answered 429. */
export interface Throttle {
  readonly requestsPerSecond: number;
  /** How many may come at once before `requestsPerSecond` holds. */
  readonly burst: number;
}

export interface OrderApiProps {
  /** Answers `POST /api/orders/upload`. */
  readonly upload: IFunction;
  /** Answers `GET /api/orders/stats` and `…/stats/daily`. */
  readonly stats: IFunction;
  readonly throttle: Throttle;
  readonly logRetention: logs.RetentionDays;
}

/** The HTTP API that sellers' systems call, with a log line for every request. */
export class OrderApi extends Construct {
  readonly httpApi: HttpApi;
  /** Without a slash at its end. */
  readonly url: string;
  readonly accessLog: logs.LogGroup;

  constructor(scope: Construct, id: string, props: OrderApiProps) {
    super(scope, id);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'Upload orders and read their statistics',
      createDefaultStage: false,
    });
    const { httpApi } = this;
    httpApi.addRoutes({
      path: '/api/orders/upload',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Upload', props.upload),
    });
    const stats = new HttpLambdaIntegration('Stats', props.stats);
    for (const path of ['/api/orders/stats', '/api/orders/stats/daily']) {
      httpApi.addRoutes({ path, methods: [HttpMethod.GET], integration: stats });
    }

    this.accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: props.throttle.requestsPerSecond,
        burstLimit: props.throttle.burst,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.url = httpApi.apiEndpoint;
    Validations.of(httpApi).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Sellers are not authenticated in this version; docs/operations.md says what follows.',
    });
  }
}

/**
 * Neither the query string, which names the seller, nor headers, which a caller writes as it likes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG_FIELDS = {
  time: '$context.requestTimeEpoch',
  request_id: '$context.requestId',
  source_ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  response_bytes: '$context.responseLength',
  latency_ms: '$context.responseLatency',
  integration_status: '$context.integrationStatus',
  integration_latency_ms: '$context.integrationLatency',
  function_request_id: '$context.integration.requestId',
  integration_error: '$context.integrationErrorMessage',
  error: '$context.error.message',
};
