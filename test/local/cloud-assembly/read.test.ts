// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's own notation
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { readCloudAssembly } from '../../../local/cloud-assembly/read.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'order-analytics-assembly-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Resources = Record<string, { Type: string; Properties?: object }>;

/** Writes an assembly as the CDK does: templates by stack, and where the assets are. */
function assembly(stacks: Record<string, { Resources?: Resources; Outputs?: object }>): string {
  const artifacts = Object.entries(stacks).map(([name, template]) => {
    const templateFile = `${name}.template.json`;
    writeFileSync(join(directory, templateFile), JSON.stringify(template));
    const files = {
      code: { source: { path: 'asset.code' }, destinations: { here: { objectKey: 'code.zip' } } },
    };
    writeFileSync(join(directory, `${name}.assets.json`), JSON.stringify({ files }));
    return [name, { type: 'aws:cloudformation:stack', properties: { templateFile } }];
  });
  mkdirSync(join(directory, 'asset.code'));
  const manifest = { artifacts: Object.fromEntries(artifacts) };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
}

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Key: 'code.zip' }, Handler: 'index.handler', Runtime: 'nodejs24.x' },
};

/** An assembly with one function whose variable `X` is `value`. */
const withVariable = (value: unknown, more: Resources = {}) =>
  assembly({
    app: {
      Resources: {
        ...more,
        Fn: {
          ...FUNCTION,
          Properties: { ...FUNCTION.Properties, Environment: { Variables: { X: value } } },
        },
      },
    },
  });

const variableOf = (path: string) => readCloudAssembly(path).functions[0]?.environment.X;

describe('readCloudAssembly', () => {
  it('finds what the app deploys: its database, functions, routes and what the deploy runs', () => {
    const app = readCloudAssembly(inject('cloud').assembly);
    expect(app.clusters).toEqual([
      expect.objectContaining({ databaseName: 'order_analytics', masterUsername: 'postgres' }),
    ]);
    const routes = app.httpApis[0]?.routes.map(({ routeKey, function: fn }) => [
      routeKey,
      fn.environment.POWERTOOLS_SERVICE_NAME,
    ]);
    expect(routes).toContainEqual(['POST /api/orders/upload', 'upload']);
    expect(routes).toContainEqual(['GET /api/orders/stats', 'stats']);
    expect(app.triggers.map(({ function: fn }) => fn.environment.POWERTOOLS_SERVICE_NAME)).toEqual([
      'migrate',
    ]);
    const secretArns = app.secrets.map(({ secretArn }) => secretArn);
    // Not the CDK's own.
    const ours = app.functions.filter(({ handler }) => handler === 'index.handler');
    expect(ours.length).toBeGreaterThanOrEqual(3);
    for (const fn of ours) {
      expect(fn.runtime).toBe('nodejs24.x');
      const { DATABASE_SECRET_ARN: secretArn, DATABASE_RESOURCE_ARN: clusterArn } = fn.environment;
      if (secretArn) expect(secretArns).toContain(secretArn);
      if (clusterArn) expect(clusterArn).toBe(app.clusters[0]?.resourceArn);
    }
  });

  const ALIAS = {
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: 'live', FunctionName: { Ref: 'Fn' }, FunctionVersion: '1' },
  };
  const scheduled = (target: unknown) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression: 'rate(1 day)', Target: { Arn: target } },
  });

  it('calls a function by its alias, and tries it again as that says', () => {
    const Destination = { 'Fn::GetAtt': ['Letters', 'Arn'] };
    const ofQualifier = (Qualifier: string, MaximumRetryAttempts: number) => ({
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        Qualifier,
        MaximumRetryAttempts,
        DestinationConfig: { OnFailure: { Destination } },
      },
    });
    const path = assembly({
      app: {
        Resources: {
          Fn: FUNCTION,
          Alias: ALIAS,
          Letters: { Type: 'AWS::SQS::Queue' },
          Latest: ofQualifier('$LATEST', 0),
          Live: ofQualifier('live', 1),
          Schedule: scheduled({ Ref: 'Alias' }),
        },
      },
    });
    const {
      schedules: [schedule],
      queues: [letters],
    } = readCloudAssembly(path);
    expect(letters?.arn).toMatch(/^arn:aws:sqs:/);
    expect(schedule?.target).toMatchObject({
      logicalId: 'Fn',
      aliases: ['live'],
      asyncInvoke: { maximumRetryAttempts: 1, onFailure: letters?.arn },
    });
  });

  it('finds no function by an alias that there is not', () => {
    const target = { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, 'other']] };
    const path = assembly({
      app: { Resources: { Fn: FUNCTION, Alias: ALIAS, Schedule: scheduled(target) } },
    });
    expect(() => readCloudAssembly(path)).toThrow(/No synthesized function .*:app-Fn:other\./);
  });

  it.each([
    ['Ref', { Ref: 'Bus' }, 'orders'],
    [
      'Fn::GetAtt',
      { 'Fn::GetAtt': ['Bus', 'Arn'] },
      'arn:aws:events:us-east-1:000000000000:event-bus/orders',
    ],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Bus' }]] }, 'a-orders'],
    ['Fn::Select and Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Bus}/${Bus.Arn}/${!Literal}' },
      'orders/arn:aws:events:us-east-1:000000000000:event-bus/orders/${Literal}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${A}', { A: { Ref: 'Bus' } }] }, 'orders'],
  ])('resolves %s', (_, value, resolved) => {
    const bus = { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } } };
    expect(variableOf(withVariable(value, bus))).toBe(resolved);
  });

  it.each([
    ['exports and another imports', { 'Fn::ImportValue': 'bus-name' }],
    [
      'puts out and another reads',
      { 'Fn::GetStackOutput': { StackName: 'data', OutputName: 'BusName' } },
    ],
  ])('resolves what one stack %s', (_what, value) => {
    const path = assembly({
      app: {
        Resources: {
          Fn: {
            ...FUNCTION,
            Properties: {
              ...FUNCTION.Properties,
              Environment: { Variables: { X: value } },
            },
          },
        },
      },
      data: {
        Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } } },
        Outputs: { BusName: { Value: { Ref: 'Bus' }, Export: { Name: 'bus-name' } } },
      },
    });
    expect(variableOf(path)).toBe('orders');
  });

  it.each([
    [
      'a resource type',
      () => assembly({ app: { Resources: { Table: { Type: 'AWS::DynamoDB::Table' } } } }),
      'AWS::DynamoDB::Table (Table in app)',
    ],
    ['a function', () => withVariable({ 'Fn::Cidr': [] }), 'app uses Fn::Cidr'],
    ['a reference', () => withVariable({ Ref: 'Nothing' }), 'app refers to Nothing'],
    [
      'an output',
      () => withVariable({ 'Fn::GetStackOutput': { StackName: 'data', OutputName: 'X' } }),
      'app reads the output X of data, which is not there',
    ],
    ['an import', () => withVariable({ 'Fn::ImportValue': 'nothing' }), 'app imports nothing'],
  ])('refuses %s that it does not know, by name', (_, write, message) => {
    const path = write();
    expect(() => variableOf(path)).toThrow(message);
  });
});
