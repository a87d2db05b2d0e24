import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { migrations } from '../../../db/migrations/index.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { API, DATABASE, useDoctor } from './use-doctor.ts';

const doctor = useDoctor();
const { account, look, changed } = doctor;

describe('the doctor', () => {
  it('is content with a stage that is as it shall be', async () => {
    expect(await look()).toEqual({
      problems: 0,
      lines: [
        'ok credentials arn:aws:iam::123456789012:user/dev in account 123456789012, region us-east-1',
        'ok bootstrap CDKToolkit has version 30; 6 is needed',
        `ok stacks ${DATABASE} is UPDATE_COMPLETE`,
        `ok stacks ${API} is UPDATE_COMPLETE`,
        'ok database engine aurora-postgresql 18.4 can be had in 2 zones',
        'ok database engine It has the Data API',
        'ok concurrency 1000 of 1000 at once for bursts of up to 40',
        'ok log policies 0 of 10 policies, 0 of 5120 characters',
        'ok migrations The schema is up to date',
        `ok changes ${DATABASE}: 0 resources added or changed, beside code`,
        `ok changes ${API}: 0 resources added or changed, beside code`,
      ],
    });
  });

  it('is content with an account where the stage is not yet', async () => {
    account.stacks = { CDKToolkit: { outputs: { BootstrapVersion: '6' } } };
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines).toContain(`ok stacks ${API} is made anew`);
    expect(lines).toContain(
      `ok migrations All ${Object.keys(migrations).length} run, on a new database`,
    );
    expect(lines).toContain(`ok changes ${DATABASE}: all of it is new`);
  });

  it.each([
    ['expired', 'ExpiredToken', 'The security token has expired', /have expired: sign in again/],
    ['unknown', 'InvalidClientTokenId', 'No.', /AWS does not know these credentials/],
    ['forbidden all', 'AccessDenied', 'No.', /may not even ask whose they are .*: choose another/],
    ['asked about too often', 'Throttling', 'No.', /AWS refuses: Throttling: No\. Try again/],
  ])('looks no further with credentials that are %s', async (_how, name, message, says) => {
    account.refused = { GetCallerIdentity: { name, message } };
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines).toEqual([expect.stringMatching(says)]);
  });

  it('looks no further where something else answers in place of AWS', async () => {
    await using portal = await listenOnLoopback(
      createServer((_request, response) => response.end('<html>Welcome!</html>')),
      0,
    );
    vi.stubEnv('AWS_ENDPOINT_URL_STS', portal.endpoint);
    const { problems, lines } = await look();
    vi.unstubAllEnvs();
    expect(problems).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /^problem credentials What answers in place of AWS \(200\) is not AWS: /,
      ),
    ]);
  });

  it.each([
    [
      'is missing',
      undefined,
      'problem bootstrap There is no stack CDKToolkit.\n npx cdk bootstrap ',
    ],
    [
      'is old',
      '5',
      'problem bootstrap CDKToolkit has version 5; 6 is needed.\n npx cdk bootstrap ',
    ],
  ])('finds that the bootstrap %s', async (_how, version, says) => {
    delete account.stacks.CDKToolkit;
    if (version) account.stacks.CDKToolkit = { outputs: { BootstrapVersion: version } };
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines[1]).toContain(says);
  });

  it('names the nearest version of the engine where its own is gone', async () => {
    account.engines = { '17.9': true, '18.1': true, '18.6': true, '18.7': true, '19.4': true };
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines[4]).toMatch(
      /^warning .*18\.4 with db\.serverless cannot be had .*\n .*nearest version is 18\.6:/,
    );
  });

  it('lets no new stage begin with a version that is gone', async () => {
    account.stacks = { CDKToolkit: { outputs: { BootstrapVersion: '6' } } };
    account.engines = {};
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines[4]).toMatch(/^problem database engine .*\n .*choose another region\.$/);
  });

  it.each([
    [false, 1, 'problem database engine aurora-postgresql 18.4 has no Data API here'],
    [undefined, 0, 'warning database engine AWS does not say whether it has the Data API'],
  ])('says what AWS says of the Data API: %s', async (dataApi, problems, says) => {
    account.engines = { '18.4': dataApi };
    const found = await look();
    expect(found.problems).toBe(problems);
    expect(found.lines[5]).toContain(says);
  });

  it('warns of a new stage whose subnets would be where the engine cannot be had', async () => {
    account.stacks = { CDKToolkit: { outputs: { BootstrapVersion: '6' } } };
    account.zones['db.serverless'] = ['us-east-1b', 'us-east-1c', 'us-east-1d'];
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines.slice(4, 6)).toEqual([
      'ok database engine aurora-postgresql 18.4 can be had in 3 zones',
      'warning database engine Its subnets would be in the first 2 zones, and it cannot be had in us-east-1a.\n Choose another region, or zones: availabilityZones for maxAzs in lib/constructs/isolated-network.ts.',
    ]);
  });

  it('does not warn of zones where the stage stands already', async () => {
    account.zones['db.serverless'] = ['us-east-1b', 'us-east-1c'];
    expect((await look()).lines.join()).not.toContain('warning');
  });

  it('warns of an account that runs less at once than the API lets in', async () => {
    account.concurrency = { total: 10, unreserved: 10 };
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^warning concurrency The API lets 40 requests .* runs 10 of 10 at once/,
      ),
    );
  });

  it('finds that functions reserve more than Lambda gives away', async () => {
    account.concurrency = { total: 150, unreserved: 150 };
    const { problems, lines } = await look(
      changed((resources) => {
        const upload = Object.values(resources).find(({ Properties }) =>
          Properties?.Description?.startsWith('POST /api/orders/upload'),
        );
        if (upload) upload.Properties.ReservedConcurrentExecutions = 60;
      }),
    );
    expect(problems).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^problem concurrency Functions reserve 60 more of the 150 that are free/,
      ),
    );
  });

  const policies = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, '{}']));
  it.each([
    ['are too many', policies(10), 'problem log policies There are 10 resource policies'],
    [
      'are too long',
      { AWSLogDeliveryWrite20150319: 'x'.repeat(4_900) },
      'problem log policies The policy AWSLogDeliveryWrite20150319 has 4900 of 5120',
    ],
  ])('finds that policies of logs %s', async (_how, logPolicies, says) => {
    account.logPolicies = logPolicies;
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines).toContainEqual(expect.stringContaining(says));
  });

  it('is content where the policy has such logs already', async () => {
    const long = `${'x'.repeat(5_000)} log-group:/aws/vendedlogs/*`;
    account.logPolicies = { AWSLogDeliveryWrite20150319: long, ...policies(9) };
    expect((await look()).lines).toContain(
      'ok log policies Logs below /aws/vendedlogs/ may be written already',
    );
  });

  it('names the migrations that the deploy runs, and those that it does not know', async () => {
    const last = Object.keys(migrations).at(-1);
    await doctor.pg.query('DELETE FROM schema_migrations WHERE name = $1', [last]);
    expect((await look()).lines).toContain(`ok migrations The deploy runs ${last}`);
    await doctor.pg.query(`INSERT INTO schema_migrations VALUES ($1, ''), ('9999-later', '')`, [
      last,
    ]);
    const { problems, lines } = await look();
    await doctor.pg.query(`DELETE FROM schema_migrations WHERE name = '9999-later'`);
    expect(problems).toBe(0);
    expect(lines).toContainEqual(
      expect.stringContaining('warning migrations The database has 9999-later,'),
    );
  });

  it('finds a deploy that would lose the database, and names what else would be replaced', async () => {
    const { problems, lines } = await look(
      changed((resources) => {
        for (const [id, { Type, Properties }] of Object.entries(resources)) {
          if (Type === 'AWS::RDS::DBCluster') Properties.DBClusterIdentifier = 'other';
          if (Type === 'AWS::SNS::Topic') delete resources[id];
        }
      }),
    );
    expect(problems).toBe(1);
    const found = lines.filter((line) => line.includes(' changes '));
    expect(found[0]).toMatch(
      /^problem changes .*: AWS::RDS::DBCluster \S+ is replaced by DBClusterIdentifier: the database with all orders would be lost\./,
    );
    expect(found[1]).toMatch(/^warning changes .*: AWS::RDS::DBInstance \S+ is replaced/);
    expect(found.join('\n')).toMatch(/warning changes .*: AWS::SNS::Topic \S+ is removed/);
  });

  it('finds a log that RDS makes before CloudFormation does, in a stage that does not export it yet', async () => {
    const deployed = changed((resources) => {
      for (const [id, { Type, Properties }] of Object.entries(resources)) {
        if (Type === 'AWS::RDS::DBCluster') delete Properties.EnableCloudwatchLogsExports;
        if (id.startsWith('DatabaseLog')) delete resources[id];
      }
    });
    doctor.deploy(deployed);
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines.find((line) => line.startsWith('problem'))).toMatch(
      /^problem changes \S+: AWS::Logs::LogGroup DatabaseLog\S+ is added, which RDS makes first once the cluster exports its log\.\n Let RDS make it, and this deploy import it: docs\/operations\.md#upgrading\.$/,
    );
  });

  it('sees nothing but code where nothing but code has changed', async () => {
    const text = JSON.stringify(doctor.assembly).replaceAll(
      /[0-9a-f]{64}\.zip/g,
      `${'0'.repeat(64)}.zip`,
    );
    const { lines } = await look(
      JSON.parse(
        text.replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, `$1${'1'.repeat(32)}`),
      ),
    );
    expect(lines.at(-1)).toBe(`ok changes ${API}: 0 resources added or changed, beside code`);
  });

  it('warns of what it may not look at, and looks at the rest', async () => {
    const message = 'User is not authorized to perform: lambda:GetAccountSettings';
    account.refused = { GetAccountSettings: { name: 'AccessDeniedException', message } };
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines).toContain(
      `warning concurrency It cannot be looked at: ${message}\n Look as somebody who may.`,
    );
    expect(lines).toHaveLength(11);
  });
});
