import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executed, type ExecutedByRole } from '../../../cli/review/executed.ts';
import { runScenario } from '../../../cli/review/scenario/scenario.ts';
import { ROLE_NAMES, type RoleName } from '../../../db/roles/names.ts';
import { ROLES } from '../../../db/roles/roles.ts';
import { INDEXED } from '../../../db/roles/shared-rights.ts';
import { ROUTES } from '../../../functions/routes.ts';
import type { Service } from '../../../local/service/service.ts';
import { findRefusal, prepareAs } from '../../helpers/explain-as.ts';
import { startTestService } from '../../helpers/service.ts';

/** Each function starts once, and all of them on a machine that may be busy. */
const ALL_FUNCTIONS_MS = 180_000;

let service: Service;
let owner: pg.Client;
let asked: ReadonlySet<string>;
let executed: ExecutedByRole;

beforeAll(async () => {
  const heard = new Executed();
  service = await startTestService({ onStatement: heard.onStatement });
  asked = await runScenario(service);
  executed = heard.byRole();
  owner = new pg.Client(service.endpoints.postgres);
  await owner.connect();
}, ALL_FUNCTIONS_MS);
afterAll(async () => {
  await owner.end();
  await service[Symbol.asyncDispose]();
});

/** Each right that a role has, and SQL that takes it away. */
function rightsOf(role: RoleName): (readonly [right: string, revoke: string])[] {
  const { tables, functions = [] } = ROLES[role];
  const ofTables = Object.entries(tables).flatMap(([table, rights]) =>
    Object.entries(rights).flatMap(([right, columns]) =>
      columns === 'all'
        ? `${right} ON ${table}`
        : columns.map((column: string) => `${right} (${column}) ON ${table}`),
    ),
  );
  return [...ofTables, ...functions.map((signature) => `EXECUTE ON FUNCTION ${signature}`)].map(
    (right) => [right, `REVOKE ${right} FROM ${role}`],
  );
}

describe('what functions execute', () => {
  it('is asked for by every route', () => {
    expect([...asked].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it('has nothing in it that another run would not have', () => {
    const all = ROLE_NAMES.flatMap((role) => executed[role]).map(({ sql }) => sql);
    const odd = all.filter((sql) => /[0-9a-f]{8}-[0-9a-f]{4}-|20\d\d-\d\d|'a-1'|'erp'/.test(sql));
    expect(odd).toEqual([]);
  });

  // So no statement that needs a right of its own is missing: who forgets to have the scenario run
  // it is told of the right that nothing needs.
  it.each(
    ROLE_NAMES,
  )('needs each right of its role, or so it is only while it runs: %s', async (role) => {
    const prepared = await prepareAs(owner, role, executed[role]);
    expect(await findRefusal(owner, role, prepared)).toBeUndefined();
    const needless: string[] = [];
    for (const [right, revoke] of rightsOf(role)) {
      const refusal = await findRefusal(owner, role, prepared, revoke);
      if (!refusal) needless.push(right);
      else expect(refusal.reason).toMatch(/^permission denied for (table|function) /);
    }
    const ofIndexes = INDEXED.map((signature) => `EXECUTE ON FUNCTION ${signature}`);
    expect(ofIndexes).toEqual(expect.arrayContaining(needless));
  });
});
