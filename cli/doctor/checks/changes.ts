import { changesOf, type ResourceChange } from '../../templates/changes.ts';
import type { Check, Finding } from '../finding.ts';
import { findTemplate } from '../stacks.ts';

/** What the deploy would do to what is deployed. */
export const changes: Check = {
  title: 'changes',
  async find({ aws, assembly }) {
    const found: Finding[] = [];
    for (const { name, template } of assembly.stacks) {
      const before = await findTemplate(aws, name);
      if (before) found.push(...judge(name, changesOf(before, template).resources));
      else found.push({ level: 'ok', says: `${name}: all of it is new` });
    }
    return found;
  },
};

function judge(name: string, all: readonly ResourceChange[]): Finding[] {
  const losses = all.filter(({ loss }) => loss !== undefined);
  const replaced = all.filter(
    ({ loss, fate }) => loss === undefined && /replaced|removed|aside/.test(fate),
  );
  const rest = all.length - losses.length - replaced.length;
  return [
    ...logAlreadyThere(name, all),
    ...losses.map((change): Finding => {
      const { loss } = change;
      const says = `${name}: ${told(change)}: ${loss} would be lost.`;
      const advice =
        'A deploy of this is never right: keep the resource as it is, by its name too.';
      return { level: 'problem', says, advice };
    }),
    ...(replaced.length > 0
      ? [
          {
            level: 'warning',
            says: `${name}: ${replaced.map(told).join('; ')}.`,
            advice: 'See that nothing outside holds on to what goes.',
          } as const,
        ]
      : []),
    { level: 'ok', says: `${name}: ${rest} resources added or changed, beside code` },
  ];
}

/**
 * RDS makes the group of a log as soon as a cluster that runs begins to export it; CloudFormation,
 * which changes the cluster first, then fails to make it.
 */
function logAlreadyThere(name: string, all: readonly ResourceChange[]): Finding[] {
  const exported = all.some(
    ({ type, fate, properties }) =>
      type === 'AWS::RDS::DBCluster' &&
      fate === 'changed' &&
      properties.includes('EnableCloudwatchLogsExports'),
  );
  const group = all.find(({ type, fate }) => type === 'AWS::Logs::LogGroup' && fate === 'added');
  if (!exported || !group) return [];
  const says = `${name}: ${told(group)}, which RDS makes first once the cluster exports its log.`;
  const advice = 'Let RDS make it, and this deploy import it: docs/operations.md#upgrading.';
  return [{ level: 'problem', says, advice }];
}

function told({ type, logicalId, fate, properties }: ResourceChange): string {
  const by = properties.length > 0 ? ` by ${properties.join(', ')}` : '';
  return `${type} ${logicalId} is ${fate}${by}`;
}
