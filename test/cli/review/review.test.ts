import { describe, expect, it } from 'vitest';
import type { ExecutedByRole } from '../../../cli/review/executed.ts';
import { readReleased, readReleasedRoles, writeReleased } from '../../../cli/review/released.ts';
import { review } from '../../../cli/review/review.ts';
import type { Resource, Template } from '../../../cli/templates/assembly.ts';
import { ROLE_NAMES } from '../../../db/roles/names.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const STACK = 'order-analytics-production-database';
const CLUSTER: Resource = {
  Type: 'AWS::RDS::DBCluster',
  Properties: {
    Engine: 'aurora-postgresql',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5 },
  },
};
const ROLE: Resource = { Type: 'AWS::IAM::Role', Properties: {} };

const policy = (...actions: string[]): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: 'p',
    Roles: [{ Ref: 'Role' }],
    PolicyDocument: {
      Statement: actions.map((Action) => ({ Effect: 'Allow', Action, Resource: 'arn:x' })),
    },
  },
});

/** A review of the change from some resources to others. */
async function reviewOf(
  before: Record<string, Resource> | undefined,
  after: Record<string, Resource>,
  migrations: Parameters<typeof review>[2] = {},
) {
  const template = (Resources: Record<string, Resource>): Template => ({ Resources });
  return review(
    {
      stage: 'production',
      stacks: [{ name: STACK, template: template(after) }],
      bootstrapVersion: 6,
    },
    { templates: new Map(before ? [[STACK, template(before)]] : []), migrations: ['0001-known'] },
    migrations,
  );
}

describe('the review of a release', () => {
  it('says that nothing changes', async () => {
    const { text, losses } = await reviewOf({ Cluster: CLUSTER }, { Cluster: CLUSTER });
    expect(losses).toEqual([]);
    expect(text).toContain('# Release to production\n\nNothing that cannot be made again would be');
    expect(text).toContain('## Resources\n\nNone changes, beside the code of functions.');
    expect(text).toContain('## Who may do more\n\nNobody.');
    expect(text).toContain('## Migrations\n\nNone is new.');
  });

  it('says that a stack is new', async () => {
    const { text, losses } = await reviewOf(undefined, { Cluster: CLUSTER });
    expect(losses).toEqual([]);
    expect(text).toContain(`All 1 of ${STACK} are new.`);
  });

  it('names what is added, changed and removed', async () => {
    const topic = (DisplayName: string): Resource => ({
      Type: 'AWS::SNS::Topic',
      Properties: { DisplayName },
    });
    const { text } = await reviewOf(
      { Topic: topic('one'), Old: topic('old') },
      { Topic: topic('other'), New: topic('new') },
    );
    expect(text).toContain(`| ${STACK} | Topic | AWS::SNS::Topic | changed | DisplayName |`);
    expect(text).toContain(`| ${STACK} | Old | AWS::SNS::Topic | removed |  |`);
    expect(text).toContain(`| ${STACK} | New | AWS::SNS::Topic | added |  |`);
  });

  it.each([
    ['a cluster that is removed', {}, 'is removed'],
    [
      'a cluster that is replaced',
      { Cluster: { ...CLUSTER, Properties: { ...CLUSTER.Properties, DatabaseName: 'other' } } },
      'is replaced (by DatabaseName)',
    ],
    ['a cluster that has another logical id', { Other: CLUSTER }, 'is removed'],
  ])('names the loss of %s', async (_what, after, fate) => {
    const { text, losses } = await reviewOf({ Cluster: CLUSTER }, after);
    const loss = `the database with all orders: AWS::RDS::DBCluster Cluster of ${STACK} ${fate}`;
    expect(losses).toEqual([loss]);
    expect(text).toContain(`**This would lose data or the service:**\n\n- ${loss}`);
  });

  it('names the loss of what stays behind without its stack', async () => {
    const kept = { ...CLUSTER, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const { losses } = await reviewOf({ Cluster: kept }, {});
    expect(losses).toEqual([expect.stringContaining('is kept aside')]);
  });

  it('names who may do more, and nobody who may do less', async () => {
    const more = await reviewOf(
      { Role: ROLE, Policy: policy('s3:GetObject') },
      { Role: ROLE, Policy: policy('s3:GetObject', 's3:PutObject') },
    );
    expect(more.text).toMatch(
      /## Who may do more\n\n- AWS:\$\{Role\}: Allow s3:PutObject on arn:x\n/,
    );
    const less = await reviewOf(
      { Role: ROLE, Policy: policy('s3:GetObject', 's3:PutObject') },
      { Role: ROLE, Policy: policy('s3:GetObject') },
    );
    expect(less.text).toContain('## Who may do more\n\nNobody.');
  });

  it('names of a statement that allows more only what is new in it', async () => {
    const reading = (...resources: unknown[]): Resource => {
      const { Properties, ...more } = policy('s3:GetObject');
      const [statement] = Properties.PolicyDocument.Statement;
      const PolicyDocument = { Statement: [{ ...statement, Resource: resources }] };
      return { ...more, Properties: { ...Properties, PolicyDocument } };
    };
    const secret = (name: string) => ({
      'Fn::GetStackOutput': {
        StackName: 'order-analytics-production-database',
        Region: { Ref: 'AWS::Region' },
        OutputName: `PublishOutputRef${name}`,
      },
    });
    const { text } = await reviewOf(
      { Role: ROLE, Policy: reading(secret('One')) },
      { Role: ROLE, Policy: reading(secret('One'), secret('Other')) },
    );
    expect(text).toMatch(/- AWS:\$\{Role\}: Allow s3:GetObject on Other\n/);
  });

  it('names new migrations, and what they keep waiting', async () => {
    const index = { name: 'i', table: 'orders', by: '(id)' };
    const { text } = await reviewOf(
      {},
      {},
      {
        '0001-known': { indexes: [index] },
        '0002-calm': { indexes: [index] },
        '0003-slow': { up: (db) => db.schema.createIndex('j').on('orders').column('id').execute() },
      },
    );
    expect(text).not.toContain('0001-known');
    expect(text).toContain(
      '- `0002-calm` keeps nobody waiting\n- `0003-slow`\n  - **long:** whoever',
    );
  });

  it('compares what a month costs in which nobody asks', async () => {
    const Instance: Resource = { Type: 'AWS::RDS::DBInstance', Properties: {} };
    const Secret: Resource = { Type: 'AWS::SecretsManager::Secret', Properties: {} };
    const metric = (Id: string) => ({ Id, MetricStat: {} });
    const Alarm: Resource = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Metrics: [{ Id: 'sum', Expression: 'a + b' }, metric('a'), metric('b')] },
    };
    const { text } = await reviewOf(
      { Cluster: CLUSTER, Instance },
      { Cluster: CLUSTER, Instance, Second: Instance, Secret, Alarm },
    );
    expect(text).toContain('| database capacity, ACU-hours | 43.80 (365) | 87.60 (730) |');
    expect(text).toContain('| secrets | – | 0.40 (1) |');
    expect(text).toContain('| metrics that alarms watch | – | 0.20 (2) |');
    expect(text).toContain('| together | 43.80 | 88.20 |');
  });
});

const NOTHING = Object.fromEntries(
  ROLE_NAMES.map((role) => [role, []]),
) as unknown as ExecutedByRole;

describe('what is kept as released', () => {
  const folder = temporaryFolder();

  it('is what each role executed, and which functions it might call', () => {
    const statements = [{ sql: 'SELECT $1', parameters: ['text'] }];
    writeReleased({ stacks: [] }, { ...NOTHING, upload: statements }, folder);
    expect(readReleasedRoles(folder)).toMatchObject({
      upload: { functions: expect.arrayContaining(['write_before(bigint)']), statements },
      stats: { functions: [], statements: [] },
    });
  });

  it('is what it was, without what changes with every line of code', () => {
    const key = `${'0a'.repeat(32)}.zip`;
    const id = `FnCurrentVersion0123ABCD${'0a'.repeat(16)}`;
    const template: Template = {
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: key } } },
        [id]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
        Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionVersion: { Ref: id } } },
      },
    };
    const assembly = { stacks: [{ name: STACK, template }] };
    writeReleased(assembly, NOTHING, folder);
    const { templates, migrations } = readReleased(assembly, folder);
    expect(migrations).toContain('0001-orders');
    expect(templates.get(STACK)).toEqual({
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'ASSET.zip' } } },
        FnCurrentVersion: {
          Type: 'AWS::Lambda::Version',
          Properties: { FunctionName: { Ref: 'Fn' } },
        },
        Alias: {
          Type: 'AWS::Lambda::Alias',
          Properties: { FunctionVersion: { Ref: 'FnCurrentVersion' } },
        },
      },
    });
  });
});
