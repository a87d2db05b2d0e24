import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KEEP_VERSIONS_DAYS } from '../functions/shared/env.ts';
import { Actions } from './constructs/actions.ts';
import { Admin } from './constructs/admin.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { ApiDocument } from './constructs/api-document.ts';
import { ApiDomain } from './constructs/api-domain.ts';
import { Migration } from './constructs/migration.ts';
import { NightlyStats } from './constructs/nightly-stats.ts';
import { OrderApi } from './constructs/order-api.ts';
import type { OrderDatabase } from './constructs/order-database.ts';
import { ReleasedFunction } from './constructs/released-function.ts';
import { Releases } from './constructs/releases.ts';
import { SecretRotation } from './constructs/secret-rotation.ts';
import { SellerKeys } from './constructs/seller-keys.ts';
import { Sellers } from './constructs/sellers.ts';
import { ServiceAlarms } from './constructs/service-alarms.ts';
import { ServiceDashboard } from './constructs/service-dashboard.ts';
import type { CustomDomain } from './custom-domain.ts';
import { ACTIONS_POLICY, ADMIN_POLICY, ADMIN_URL, KEYS_POLICY, SELLERS_POLICY } from './names.ts';
import { checkedConcurrency } from './reserved-concurrency.ts';
import type { Stage } from './stages.ts';

/** API Gateway gives up on an authorizer after 10 s. */
const AUTHORIZER_TIMEOUT = Duration.seconds(9);
/** API Gateway gives up on a function after 30 s; one that stops before can still be heard. */
const API_TIMEOUT = Duration.seconds(29);

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly database: OrderDatabase;
  /** Where alarms are mailed. @default nowhere */
  readonly alarmEmail?: string;
  /** @default API Gateway's own name alone */
  readonly domain?: CustomDomain;
}

/** Everything that can be thrown away and deployed again: functions, routes, logs. */
export class ApiStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { stage, database, alarmEmail, domain, ...props }: ApiStackProps,
  ) {
    super(scope, id, { description: `Order analytics (${stage.name}): the API`, ...props });
    const { logs, throttles } = stage;
    const reserved = checkedConcurrency(stage.reservedConcurrency, throttles.upload);
    const alarmTopic = new AlarmTopic(this, 'Alarms', { email: alarmEmail });

    const upload = new ReleasedFunction(this, 'Upload', {
      folder: 'upload',
      description: 'POST /api/orders/upload: stores orders, all or none',
      memorySize: 1769, // one whole vCPU: it parses and checks megabytes of JSON
      maxSemiSpaceMb: 8, // 10,000 orders at once: 230 MB instead of 340, in the same time
      timeout: API_TIMEOUT,
      reservedConcurrency: reserved.upload,
      logs,
    });
    const stats = new ReleasedFunction(this, 'Stats', {
      folder: 'stats',
      description: "GET /api/orders/stats and …/daily: a seller's totals, and by day",
      memorySize: 512, // it mostly waits for one small answer; less would slow its start
      timeout: API_TIMEOUT,
      logs,
    });
    const amend = new ReleasedFunction(this, 'Amend', {
      folder: 'amend',
      description:
        'DELETE /api/orders and POST /api/uploads/{id}/undo: takes orders and uploads back',
      memorySize: 512, // it waits for the database, where all is done
      timeout: API_TIMEOUT,
      reservedConcurrency: reserved.amend,
      logs,
    });
    const orders = new ReleasedFunction(this, 'Orders', {
      folder: 'orders',
      description:
        'GET /api/orders, …/changes, …/digest, /api/uploads and /api/whoami: what was uploaded',
      memorySize: 512, // it passes on what the database has written
      timeout: API_TIMEOUT,
      logs,
    });
    database.grantDataApi(upload, 'upload', { transactions: true });
    database.grantDataApi(amend, 'amend');
    orders.addEnvironment(KEEP_VERSIONS_DAYS, String(stage.keepVersionsFor.toDays()));
    database.grantDataApi(orders, 'orders');
    database.grantDataApi(stats, 'stats');
    const sellerKeys = new SellerKeys(this, 'SellerKeys', {
      database,
      environment: stage.keys.environment,
      authorizeTimeout: AUTHORIZER_TIMEOUT,
      keysTimeout: API_TIMEOUT,
      logs,
    });
    const { authorize, keys } = sellerKeys;

    const nightlyStats = new NightlyStats(this, 'NightlyStats', {
      database,
      schedule: stage.nightly,
      keepVersionsFor: stage.keepVersionsFor,
      logs,
      alarmTopic,
    });

    const api = new OrderApi(this, 'Api', {
      functions: { upload: upload.live, amend: amend.live, orders: orders.live, stats: stats.live },
      authorize: authorize.live,
      keysRememberedFor: stage.keys.rememberedFor,
      throttles,
      logRetention: logs.retention,
    });
    const document = new ApiDocument(this, 'Document', { httpApi: api.httpApi, logs });
    if (domain) this.#nameApi(domain, api);
    const keysPolicy = sellerKeys.addRoutes(api.httpApi);
    const admin = new Admin(this, 'Admin', {
      httpApi: api.httpApi,
      database,
      nightly: stage.nightly,
      cancelledStatuses: stage.cancelledStatuses,
      timeout: API_TIMEOUT,
      logs,
    });
    const sellers = new Sellers(this, 'Sellers', {
      httpApi: api.httpApi,
      database,
      keysRememberedFor: stage.keys.rememberedFor,
      timeout: API_TIMEOUT,
      logs,
    });

    const actions = new Actions(this, 'Actions', {
      httpApi: api.httpApi,
      database,
      timeout: API_TIMEOUT,
      logs,
    });

    const rotation = new SecretRotation(this, 'SecretRotation', {
      database,
      every: stage.rotateSecretsEvery,
      logs,
    });

    const migration = new Migration(this, 'Migration', { database, logs });
    const { fn: nightly } = nightlyStats;
    migration.runBefore(upload, amend, orders, stats, authorize, keys);
    migration.runBefore(nightly, admin.fn, actions.fn, sellers.fn, rotation.fn, document.fn);

    const forPeople = { keys, admin: admin.fn, actions: actions.fn, sellers: sellers.fn };
    const answering = { upload, amend, orders, stats, openapi: document.fn, ...forPeople };
    const beside = { authorize, nightly, 'rotate-secret': rotation.fn, migrate: migration.fn };
    new Releases(this, 'Releases', {
      release: stage.release,
      functions: { ...answering, authorize },
    });
    const { httpApi } = api;
    const { cluster } = database;
    const { maxAcu } = stage.database.capacity;
    new ServiceAlarms(this, 'ServiceAlarms', {
      alarmTopic,
      limits: stage.alarms,
      httpApi,
      functions: Object.values(answering),
      authorize,
      rotateSecret: rotation.fn,
      migrate: migration.fn,
      cluster,
      maxAcu,
    });
    const { dashboard } = new ServiceDashboard(this, 'ServiceDashboard', {
      alarmTopic,
      httpApi,
      functions: { ...answering, ...beside },
      cluster,
      maxAcu,
    });

    rotation.beginAfter(...this.node.children.filter((child) => child !== rotation));

    new CfnOutput(this, 'Dashboard', { value: dashboard.dashboardName });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, ADMIN_URL, { value: `${api.url}/admin` });
    new CfnOutput(this, ADMIN_POLICY, { value: admin.policy.managedPolicyArn });
    new CfnOutput(this, 'AdminLog', { value: admin.fn.logGroup.logGroupName });
    new CfnOutput(this, 'AccessLog', { value: api.accessLog.logGroupName });
    new CfnOutput(this, 'UploadLog', { value: upload.logGroup.logGroupName });
    new CfnOutput(this, 'AmendLog', { value: amend.logGroup.logGroupName });
    new CfnOutput(this, 'OrdersLog', { value: orders.logGroup.logGroupName });
    new CfnOutput(this, 'StatsLog', { value: stats.logGroup.logGroupName });
    new CfnOutput(this, 'OpenApiLog', { value: document.fn.logGroup.logGroupName });
    new CfnOutput(this, 'AuthorizeLog', { value: authorize.logGroup.logGroupName });
    new CfnOutput(this, KEYS_POLICY, { value: keysPolicy.managedPolicyArn });
    new CfnOutput(this, 'KeysLog', { value: keys.logGroup.logGroupName });
    new CfnOutput(this, ACTIONS_POLICY, { value: actions.policy.managedPolicyArn });
    new CfnOutput(this, 'ActionsLog', { value: actions.fn.logGroup.logGroupName });
    new CfnOutput(this, SELLERS_POLICY, { value: sellers.policy.managedPolicyArn });
    new CfnOutput(this, 'SellersLog', { value: sellers.fn.logGroup.logGroupName });
    new CfnOutput(this, 'DailyStatsFunction', { value: nightlyStats.fn.live.functionName });
    new CfnOutput(this, 'DailyStatsLog', { value: nightlyStats.fn.logGroup.logGroupName });
    new CfnOutput(this, 'EventBus', { value: nightlyStats.bus.eventBusName });
    new CfnOutput(this, 'AlarmTopic', { value: alarmTopic.topic.topicArn });
    new CfnOutput(this, 'DeadLetters', { value: nightlyStats.deadLetters.queue.queueUrl });
    new CfnOutput(this, 'RotateSecretLog', { value: rotation.fn.logGroup.logGroupName });
    new CfnOutput(this, 'MigrateFunction', { value: migration.fn.functionName });
    new CfnOutput(this, 'MigrateLog', { value: migration.fn.logGroup.logGroupName });
  }

  #nameApi(domain: CustomDomain, { httpApi, stage }: OrderApi): void {
    const { target } = new ApiDomain(this, 'Domain', { ...domain, httpApi, stage });
    new CfnOutput(this, 'DomainUrl', { value: `https://${domain.name}` });
    new CfnOutput(this, 'DomainTarget', { value: target });
  }
}
