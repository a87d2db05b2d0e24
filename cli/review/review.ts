import type { SchemaMigration } from '../../db/schema-migration.ts';
import { idleCost, lineText, totalOf } from '../cost/idle.ts';
import { PRICED } from '../cost/prices.ts';
import type { Assembly, SynthesizedStack, Template } from '../templates/assembly.ts';
import { changesOf, type ResourceChange, type StackChanges } from '../templates/changes.ts';
import { type Lock, locksOf } from './locks.ts';
import type { Released } from './released.ts';
import { statementsOf } from './statements.ts';

/** What a person reads before letting a release out. */
export interface Review {
  /** In Markdown. */
  readonly text: string;
  /** What would be lost by it, in words. */
  readonly losses: readonly string[];
}

/** Compares what would be deployed with what was released. */
export async function review(
  { stage, stacks }: Assembly,
  released: Released,
  migrations: Readonly<Record<string, SchemaMigration>>,
): Promise<Review> {
  const compared = stacks.map((stack) => ({
    stack,
    isNew: !released.templates.has(stack.name),
    ...changesOf(released.templates.get(stack.name), stack.template),
  }));
  const losses = compared.flatMap(({ stack, resources }) => lossesOf(stack.name, resources));
  const before = stacks.flatMap(({ name }) => released.templates.get(name) ?? []);
  const fresh = Object.entries(migrations).filter(([name]) => !released.migrations.includes(name));
  const sections = [
    `# Release to ${stage}`,
    losses.length > 0
      ? `**This would lose data or the service:**\n\n${listed(losses)}`
      : 'Nothing that cannot be made again would be lost.',
    `## Resources\n\n${resourcesText(compared)}`,
    `## Who may do more\n\n${listed(compared.flatMap(({ widened }) => widened)) || 'Nobody.'}`,
    `## Migrations\n\n${await migrationsText(fresh)}`,
    `## Cost of a month in which nobody asks\n\n${costText(before, stacks)}`,
  ];
  return { text: sections.join('\n\n'), losses };
}

/** What would be lost with a stack's resources, in words. */
export function lossesOf(name: string, resources: readonly ResourceChange[]): string[] {
  return resources.flatMap(({ loss, type, logicalId, fate, properties }) => {
    if (loss === undefined) return [];
    const by = properties.length > 0 ? ` (by ${properties.join(', ')})` : '';
    return [`${loss}: ${type} ${logicalId} of ${name} is ${fate}${by}`];
  });
}

function resourcesText(
  compared: readonly (StackChanges & {
    readonly stack: SynthesizedStack;
    readonly isNew: boolean;
  })[],
): string {
  const fresh = compared.filter(({ isNew }) => isNew);
  const rows = compared.flatMap(({ stack, resources, isNew }) =>
    isNew
      ? []
      : resources.map(({ logicalId, type, fate, properties }) =>
          row(stack.name, logicalId, type, fate, properties.join(', ')),
        ),
  );
  const head = [row('stack', 'resource', 'type', 'is', 'by'), row(...Array(5).fill('---'))];
  const parts = [
    ...fresh.map(({ stack, resources }) => `All ${resources.length} of ${stack.name} are new.`),
    ...(rows.length > 0 ? [[...head, ...rows].join('\n')] : []),
  ];
  return parts.join('\n\n') || 'None changes, beside the code of functions.';
}

async function migrationsText(fresh: readonly [string, SchemaMigration][]): Promise<string> {
  if (fresh.length === 0) return 'None is new.';
  const told = await Promise.all(
    fresh.map(async ([name, migration]) => {
      const locks = locksOf(await statementsOf(migration));
      return `- \`${name}\`${locks.length > 0 ? `\n${locks.map(lockText).join('\n')}` : ' keeps nobody waiting'}`;
    }),
  );
  return told.join('\n');
}

const lockText = ({ level, says, statement }: Lock) =>
  `  - ${level === 'short' ? '' : `**${level}:** `}${says}: \`${statement}\``;

function costText(before: readonly Template[], stacks: readonly SynthesizedStack[]): string {
  const was = idleCost(before);
  const is = idleCost(stacks.map(({ template }) => template));
  return [
    row('what (how many)', 'released', 'now'),
    row('---', '--:', '--:'),
    ...is.map((now, i) => row(now.what, was[i] ? lineText(was[i]) : '–', lineText(now))),
    row('together', money(totalOf(was)), money(totalOf(is))),
    '',
    `In US dollars, by ${PRICED.kind} in ${PRICED.region} of ${PRICED.date}; docs/cost.md has what requests cost.`,
  ].join('\n');
}

const money = (usd = 0) => usd.toFixed(2);
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
const listed = (texts: readonly string[]) => texts.map((text) => `- ${text}`).join('\n');
