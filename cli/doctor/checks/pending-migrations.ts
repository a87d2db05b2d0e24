import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { migrations } from '../../../db/migrations/index.ts';
import { resourcesOf } from '../../templates/assembly.ts';
import type { Check, Examined } from '../finding.ts';
import { findStack, outputOf } from '../stacks.ts';

/** Which migrations the deploy would run. */
export const pendingMigrations: Check = {
  title: 'migrations',
  async find(examined) {
    const known = Object.keys(migrations);
    const executed = await executedMigrations(examined);
    if (!executed) return [{ level: 'ok', says: `All ${known.length} run, on a new database` }];
    const unknown = executed.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      return [
        {
          level: 'warning',
          says: `The database has ${unknown.join(', ')}, which this release does not know.`,
          advice: 'That is right when an earlier release is deployed again; else pull first.',
        },
      ];
    }
    const pending = known.filter((name) => !executed.includes(name));
    if (pending.length === 0) return [{ level: 'ok', says: 'The schema is up to date' }];
    return [{ level: 'ok', says: `The deploy runs ${pending.join(', ')}` }];
  },
};

/** By the Data API, as the owner; `undefined` when there is no database. */
async function executedMigrations({ aws, assembly }: Examined): Promise<string[] | undefined> {
  const [stack] = assembly.stacks;
  const database = stack && (await findStack(aws, stack.name));
  const [cluster] = resourcesOf(assembly, 'AWS::RDS::DBCluster');
  if (!database) return undefined;
  const client = new RDSDataClient(aws);
  try {
    const { records = [] } = await client.send(
      new ExecuteStatementCommand({
        resourceArn: outputOf(database, 'ClusterArn'),
        secretArn: outputOf(database, 'MasterSecretArn'),
        database: cluster?.Properties.DatabaseName,
        sql: 'SELECT name FROM schema_migrations ORDER BY name',
      }),
    );
    return records.map(([name]) => name?.stringValue ?? '');
  } finally {
    client.destroy();
  }
}
