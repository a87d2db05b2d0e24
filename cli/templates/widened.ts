import { isDeepStrictEqual } from 'node:util';
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';

type IamChanges = TemplateDiff['iamChanges'];
type Statement = IamChanges['statements']['additions'][number];
type Targets = Statement['actions'];

/** What somebody may do whom nobody let before, in words; of a longer list what is new in it. */
export function widenedText({ statements, managedPolicies }: IamChanges): string[] {
  const { additions, removals } = statements;
  return [
    ...additions
      .filter((one) => !one.isNegativeStatement)
      .flatMap((one) => textOfNew(one, removals)),
    ...removals
      .filter((one) => one.isNegativeStatement)
      .map((one) => `no longer ${textOf(one, one.actions.values, one.resources.values)}`),
    ...managedPolicies.additions.map(
      ({ identityArn, managedPolicyArn }) => `${named(identityArn)} has ${named(managedPolicyArn)}`,
    ),
  ];
}

/** Nothing when a statement before allowed all of it. */
function textOfNew(added: Statement, removals: readonly Statement[]): string[] {
  const alike = removals.filter(
    (one) =>
      one.effect === added.effect &&
      isDeepStrictEqual(one.principals, added.principals) &&
      isDeepStrictEqual(one.condition, added.condition),
  );
  const onMore = alike.find(({ actions }) => isDeepStrictEqual(actions, added.actions));
  const doesMore = alike.find(({ resources }) => isDeepStrictEqual(resources, added.resources));
  const actions = doesMore ? newIn(added.actions, doesMore.actions) : added.actions.values;
  const resources = onMore ? newIn(added.resources, onMore.resources) : added.resources.values;
  if (actions.length === 0 || resources.length === 0) return [];
  return [textOf(added, actions, resources)];
}

function newIn(after: Targets, before: Targets): string[] {
  if (after.not || before.not) return after.values;
  return after.values.filter((value) => !before.values.includes(value));
}

function textOf(
  { principals, effect, actions, resources, condition }: Statement,
  shownActions: readonly string[],
  shownResources: readonly string[],
): string {
  const who = listed(principals.not, principals.values);
  const what = listed(actions.not, shownActions);
  const text = `${who}: ${effect} ${what} on ${listed(resources.not, shownResources)}`;
  return named(condition ? `${text} if ${JSON.stringify(condition)}` : text);
}

const listed = (isNot: boolean, values: readonly string[]) =>
  `${isNot ? 'all but ' : ''}${values.join(', ')}`;

/** What another stack gives, by the name of the resource that it gives. */
function named(text: string): string {
  return text
    .replaceAll('\\"', '"')
    .replaceAll(
      /\{"Fn::GetStackOutput":\{.*?"OutputName":"(?:PublishOutput\w*?Ref)?(\w+)"\}\}/g,
      '$1',
    )
    .replaceAll(/\{"Fn::ImportValue":"[^"]*?:(?:ExportsOutput(?:Ref|FnGetAtt))?(\w+)"\}/g, '$1');
}
