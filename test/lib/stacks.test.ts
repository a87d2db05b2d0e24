import { CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLE_NAMES } from '../../db/roles/names.ts';
import { METRICS } from '../../functions/shared/metric-names.ts';
import { createApp } from '../../lib/app.ts';
import { createStacks } from '../../lib/stacks.ts';
import { getStage } from '../../lib/stages.ts';
import { alarmState, alarmsOf } from '../helpers/alarms.ts';
import { statementsById } from '../helpers/statements.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/**
 * The function behind `Custom::Trigger` is the CDK's: it has a role and a log that we do not shape.
 */
const CDK_PROVIDER = /^AWSCDKTriggerCustomResourceProvider/;

/** All that a deploy may be told. */
const OPTIONS = {
  alarmEmail: 'ops@example.com',
  domain: 'api.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
};

function synthesize(outdir: string, stageName: string) {
  const app = createApp({ outdir });
  const { databaseStack, apiStack } = createStacks(app, getStage(stageName), OPTIONS);
  return {
    database: Template.fromStack(databaseStack),
    api: Template.fromStack(apiStack),
    assembly: app.synth(),
  };
}

describe.each(['dev', 'production'])('the stacks of %s', (stageName) => {
  const outdir = temporaryFolder();
  const checkedOutdir = temporaryFolder();
  let database: Template;
  let api: Template;
  let assembly: CloudAssembly;
  beforeAll(() => {
    ({ database, api, assembly } = synthesize(outdir, stageName));
  });

  it('are named after the stage and tagged with it', () => {
    expect(assembly.stacks.map((stack) => stack.stackName)).toEqual([
      `order-analytics-${stageName}-database`,
      `order-analytics-${stageName}-api`,
    ]);
    database.hasResourceProperties('AWS::RDS::DBCluster', {
      Tags: [
        { Key: 'project', Value: 'order-analytics' },
        { Key: 'stage', Value: stageName },
      ],
    });
  });

  it('need no account, region or look-up to be synthesized, and warn of nothing', () => {
    expect(assembly.manifest.missing).toBeUndefined();
    for (const stack of assembly.stacks) {
      expect(stack.environment.account).toBe('unknown-account');
      expect(stack.environment.region).toBe('unknown-region');
      expect(stack.messages).toEqual([]);
    }
  });

  it('pass the AwsSolutions checks of cdk-nag and the checks of the CDK', () => {
    const app = createApp({ outdir: checkedOutdir });
    createStacks(app, getStage(stageName), OPTIONS);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new CloudFormationValidatePlugin());
    expect(() => app.synth()).not.toThrow();
  });

  it('allow no wildcard, but to call any version of the migrate function, and to see alarms of any version', () => {
    const wildcards = [database, api]
      .flatMap((template) => [...statementsById(template)])
      .flatMap(([id, statements]) => statements.map((statement) => ({ id, ...statement })))
      .filter((statement) => JSON.stringify(statement).includes('*'));
    const alarms = {
      id: expect.stringMatching(/^ReleasesRole/),
      Effect: 'Allow',
      Action: 'cloudwatch:DescribeAlarms',
      Resource: {
        'Fn::Join': [
          '',
          expect.arrayContaining([`:alarm:order-analytics-${stageName}-api-release-*`]),
        ],
      },
    };
    const versions = {
      id: expect.stringMatching(CDK_PROVIDER),
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: [
        {
          'Fn::Join': [
            '',
            [{ 'Fn::GetAtt': [expect.stringMatching(/^MigrationMigrate/), 'Arn'] }, ':*'],
          ],
        },
      ],
    };
    const isGradual = getStage(stageName).release === 'canary';
    expect(wildcards).toEqual([...(isGradual ? [alarms] : []), versions]);
  });

  it('let what writes orders use up no more of the account than the stage says', () => {
    const functions = Object.values(api.findResources('AWS::Lambda::Function'));
    const limits = functions.flatMap(({ Properties: p }) =>
      p.ReservedConcurrentExecutions === undefined
        ? []
        : [[p.Environment.Variables.POWERTOOLS_SERVICE_NAME, p.ReservedConcurrentExecutions]],
    );
    const { reservedConcurrency = {} } = getStage(stageName);
    expect(Object.fromEntries(limits)).toEqual(reservedConcurrency);
    expect(Object.keys(reservedConcurrency)).toEqual(
      stageName === 'production' ? ['upload', 'amend'] : [],
    );
  });

  it('let each function read a secret of its own, but for the two that are the owner and the one without a database', () => {
    const secretsOf = new Map<string, unknown[]>();
    for (const { Properties } of Object.values(api.findResources('AWS::Lambda::Function'))) {
      const { POWERTOOLS_SERVICE_NAME: name, DATABASE_SECRET_ARN: secret } =
        Properties.Environment?.Variables ?? {};
      if (!name) continue; // the CDK's own
      const [roleId] = Properties.Role['Fn::GetAtt'];
      const policies = Object.values(api.findResources('AWS::IAM::Policy'))
        .map((policy) => policy.Properties)
        .filter(({ Roles }) => Roles.some((role: { Ref: string }) => role.Ref === roleId));
      const statements = policies.flatMap((policy) => policy.PolicyDocument.Statement);
      if (name === 'openapi') {
        const actions = statements.flatMap(({ Action }) => Action);
        expect(actions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
        continue;
      }
      const secrets = statements
        .filter(({ Action }) => String(Action).includes('secretsmanager:'))
        .flatMap(({ Resource }) => Resource);
      secretsOf.set(name, [...new Set(secrets.map((one) => JSON.stringify(one)))]);
      expect(secretsOf.get(name)).toContain(JSON.stringify(secret));
    }
    const owners = ['migrate', 'rotate-secret'];
    const single = [...secretsOf].filter(([name]) => !owners.includes(name));
    expect(single.map(([name]) => name).sort()).toEqual(
      ROLE_NAMES.map((role) => (role === 'daily_stats' ? 'nightly' : role)).sort(),
    );
    for (const [, secrets] of single) expect(secrets).toHaveLength(1);
    expect(new Set(single.flatMap(([, secrets]) => secrets)).size).toBe(ROLE_NAMES.length);
    for (const name of owners) expect(secretsOf.get(name)).toHaveLength(ROLE_NAMES.length + 1);
  });

  it('give no role of ours a policy that AWS manages', () => {
    const roles = Object.entries(api.findResources('AWS::IAM::Role'));
    const managed = roles.filter(([, role]) => 'ManagedPolicyArns' in role.Properties);
    expect(managed.map(([id]) => id)).toEqual([expect.stringMatching(CDK_PROVIDER)]);
  });

  it('keep every log for a limited time', () => {
    api.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
    const functions = Object.entries(api.findResources('AWS::Lambda::Function'));
    const withoutLogGroup = functions.filter(([, fn]) => !fn.Properties.LoggingConfig?.LogGroup);
    expect(withoutLogGroup.map(([id]) => id)).toEqual([expect.stringMatching(CDK_PROVIDER)]);
  });

  it('let every function of the API change only after the migration, and answer within 30 s', () => {
    const [triggerId] = Object.keys(api.findResources('Custom::Trigger'));
    const integrations = Object.values(api.findResources('AWS::ApiGatewayV2::Integration'));
    for (const integration of integrations) {
      const alias =
        api.findResources('AWS::Lambda::Alias')[integration.Properties.IntegrationUri.Ref];
      expect(alias?.DependsOn).toContain(triggerId);
      const fn = api.findResources('AWS::Lambda::Function')[alias?.Properties.FunctionName.Ref];
      expect(fn?.DependsOn).toContain(triggerId);
      expect(fn?.Properties.Timeout).toBeLessThan(30);
    }
    expect(integrations.length).toBeGreaterThanOrEqual(3);
  });

  it('let no function of ours run before the migration has made its role', () => {
    const [triggerId] = Object.keys(api.findResources('Custom::Trigger'));
    for (const { Properties, DependsOn } of Object.values(
      api.findResources('AWS::Lambda::Function'),
    )) {
      const name = Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME;
      if (!name || name === 'migrate') continue;
      expect([name, DependsOn?.includes(triggerId)]).toEqual([name, true]);
    }
  });

  it('tell the URL of the API and where the database is', () => {
    for (const name of ['ApiUrl', 'AdminUrl', 'AdminPolicy']) api.hasOutput(name, {});
    api.hasOutput('DomainUrl', { Value: 'https://api.example.com' });
    database.hasOutput('ClusterArn', {});
    database.hasOutput('MasterSecretArn', {});
  });
});

describe('createStacks', () => {
  const outdirs = { dev: temporaryFolder(), production: temporaryFolder() };

  it('guards the data of production, not of dev', () => {
    const production = synthesize(outdirs.production, 'production');
    const dev = synthesize(outdirs.dev, 'dev');
    expect(production.assembly.stacks[0]?.terminationProtection).toBe(true);
    expect(dev.assembly.stacks[0]?.terminationProtection).toBe(false);
    production.database.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    dev.database.hasResource('AWS::RDS::DBCluster', { DeletionPolicy: 'Delete' });
  });

  it('calls somebody when no upload has come to production for a day', () => {
    const { api } = synthesize(outdirs.production, 'production');
    api.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    const { Resources = {} } = api.toJSON();
    const noUpload = alarmsOf(Resources).get('NoUpload');
    if (!noUpload) throw new Error('There is no such alarm.');
    const namespace = 'order-analytics-production-api';
    const dimensions = { service: 'upload' }; // as test/lib/metrics.test.ts sees it emitted
    const upload = { namespace, name: METRICS.uploads, dimensions, at: 0, value: 1 };
    const hours = [23, 24].map((hour) => alarmState(noUpload, [upload], hour * 3_600_000));
    expect(hours).toEqual(['OK', 'ALARM']);
  });

  it('keeps what holds data out of the stack that can be thrown away', () => {
    const { api } = synthesize(outdirs.dev, 'dev');
    for (const type of ['AWS::RDS::DBCluster', 'AWS::SecretsManager::Secret', 'AWS::EC2::VPC']) {
      api.resourceCountIs(type, 0);
    }
  });

  it('lets CloudFormation refuse to take away what no function can do without', () => {
    const { database } = synthesize(outdirs.dev, 'dev');
    const exported = Object.values(database.findOutputs('*', { Export: Match.anyValue() }));
    expect(exported).toHaveLength(2); // the cluster, its owner's secret
  });

  it.each([
    ['more', false],
    ['less', true],
  ])('lets a release with a role %s follow, though the database comes first', (_what, isLess) => {
    const { database, api } = synthesize(outdirs.dev, 'dev');
    const all = { database: database.toJSON(), api: api.toJSON() };
    const fewer = {
      database: without(all.database, 'StatsLogin'),
      api: without(all.api, 'StatsLogin'),
    };
    expect(all.database.Resources).toHaveProperty('StatsLogin');
    expect(fewer.database.Resources).not.toHaveProperty('StatsLogin');
    const [before, after] = isLess ? [all, fewer] : [fewer, all];
    expect(importsOf(before.api)).toHaveLength(2);
    expect(importsOf(before.api).filter((name) => !isExported(after.database, name))).toEqual([]);
  });

  it('says in the description of each secret whose it is', () => {
    const { database } = synthesize(outdirs.production, 'production');
    for (const { Properties } of Object.values(
      database.findResources('AWS::SecretsManager::Secret'),
    )) {
      expect(Properties.Description).toMatch(/^order-analytics-production-database: /);
    }
  });
});

interface Json {
  readonly [key: string]: Json;
}

/** A template without a resource, and without whatever names it. */
function without(template: Json, logicalId: string): Json {
  const sections = Object.entries(template).map(([section, entries]) => [
    section,
    typeof entries === 'object'
      ? Object.fromEntries(
          Object.entries(entries).filter(
            ([id, entry]) => id !== logicalId && !JSON.stringify(entry).includes(logicalId),
          ),
        )
      : entries,
  ]);
  return Object.fromEntries(sections);
}

/** The names of the exports that CloudFormation keeps for a stack. */
function importsOf(template: Json): string[] {
  const names = JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g);
  return [...new Set([...names].map(([, name]) => name ?? ''))];
}

function isExported({ Outputs = {} }: Json, name: string): boolean {
  return JSON.stringify(Outputs).includes(`"Export":{"Name":"${name}"}`);
}
