import { toError } from '../caught.ts';
import { lineOf } from '../target/aws-says.ts';
import { bootstrap } from './checks/bootstrap.ts';
import { changes } from './checks/changes.ts';
import { concurrency } from './checks/concurrency.ts';
import { credentials } from './checks/credentials.ts';
import { engine } from './checks/engine.ts';
import { logPolicies } from './checks/log-policies.ts';
import { pendingMigrations } from './checks/pending-migrations.ts';
import { stackStates } from './checks/stack-states.ts';
import type { Check, Examined, Finding } from './finding.ts';

const CHECKS: readonly Check[] = [
  bootstrap,
  stackStates,
  engine,
  concurrency,
  logPolicies,
  pendingMigrations,
  changes,
];

/** Looks at all that a deploy needs, says a line of each, and tells how many problems there are. */
export async function examine(
  examined: Examined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  let problems = 0;
  const look = async (check: Check): Promise<boolean> => {
    const findings = await check.find(examined).catch(unseen);
    for (const finding of findings) say(line(check, finding));
    const bad = findings.filter(({ level }) => level === 'problem').length;
    problems += bad;
    return bad === 0;
  };
  if (!(await look(credentials))) return problems;
  for (const check of CHECKS) {
    signal.throwIfAborted();
    await look(check);
  }
  return problems;
}

/** That something cannot be looked at does not keep a deploy from working. */
function unseen(error: unknown): readonly Finding[] {
  const cause = toError(error);
  const advice = /AccessDenied|Unauthorized|Forbidden/.test(cause.name)
    ? 'Look as somebody who may.'
    : 'Look again, or by hand.';
  return [{ level: 'warning', says: `It cannot be looked at: ${lineOf(cause)}`, advice }];
}

const LEVEL_WIDTH = 9;
const TITLE_WIDTH = 17;

function line({ title }: Check, { level, says, advice }: Finding): string {
  const first = level.padEnd(LEVEL_WIDTH) + title.padEnd(TITLE_WIDTH) + says;
  return advice ? `${first}\n${' '.repeat(LEVEL_WIDTH + TITLE_WIDTH)}${advice}` : first;
}
