import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import type { RoleName } from '../../db/roles/names.ts';
import { ROLES } from '../../db/roles/roles.ts';
import type { Database } from '../../db/schema.ts';
import { testPool } from './test-pool.ts';

/** Straight to PostgreSQL as the owner, who plans as a role does. */
export function connectPlanningAs(role: RoleName, url: string): Kysely<Database> {
  const settings = Object.entries(ROLES[role].planner ?? {}).map(
    ([name, to]) => `-c ${name}=${to}`,
  );
  const pool = testPool({ connectionString: url, options: settings.join(' ') });
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

/**
 * What running a statement reads of tables: in which ways; how many rows, those thrown away
 * included; how many blocks, those of indexes included.
 */
export async function readsOf(db: Kysely<Database>, statement: RawBuilder<unknown>) {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`
    EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`.execute(db);
  const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  const plan = rows[0]!['QUERY PLAN'][0].Plan;
  const scans = nodes(plan).filter((node) => node['Relation Name']);
  return {
    wholeTables: scans.filter(
      (node) => node['Node Type'] === 'Seq Scan' && node['Actual Loops'] > 0,
    ),
    rows: scans.reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    ),
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
  };
}
