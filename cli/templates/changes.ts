import {
  fullDiff,
  type Resource,
  type ResourceDifference,
  ResourceImpact,
} from '@aws-cdk/cloudformation-diff';
import type { Template } from './assembly.ts';
import { lostWith } from './must-stay.ts';
import { normalized } from './normalized.ts';
import { widenedText } from './widened.ts';

/** What becomes of a resource. */
export type Fate = 'added' | 'changed' | 'replaced' | 'maybe replaced' | 'removed' | 'kept aside';

/** What a deploy would do to one resource. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** `kept aside` is removed from the stack, and stays. */
  readonly fate: Fate;
  /** Those that differ. */
  readonly properties: readonly string[];
  /** What would be lost by it, where that cannot be made again. */
  readonly loss: string | undefined;
}

/** What a deploy would do to a stack. */
export interface StackChanges {
  readonly resources: readonly ResourceChange[];
  /** What somebody may do whom nobody let before, in words. */
  readonly widened: readonly string[];
}

/** @param before `undefined` stands for a stack that is not there */
export function changesOf(before: Template | undefined, after: Template): StackChanges {
  const { resources, iamChanges } = fullDiff(
    normalized(before ?? { Resources: {} }),
    normalized(after),
  );
  const changes: ResourceChange[] = [];
  resources.forEachDifference((logicalId, difference) => {
    const fate = FATES[difference.changeImpact];
    if (fate) changes.push(changeOf(logicalId, difference, fate));
  });
  return { resources: changes, widened: widenedText(iamChanges) };
}

function changeOf(logicalId: string, difference: ResourceDifference, fate: Fate): ResourceChange {
  // Of one that becomes another type, the former is lost.
  const type = difference.oldResourceType ?? difference.newResourceType ?? '';
  return {
    logicalId,
    type,
    fate,
    properties: changedParts(difference.oldValue, difference.newValue),
    loss: LOSING.has(fate) ? lostWith(type) : undefined,
  };
}

const FATES: Readonly<Partial<Record<ResourceImpact, Fate>>> = {
  [ResourceImpact.WILL_CREATE]: 'added',
  [ResourceImpact.WILL_UPDATE]: 'changed',
  [ResourceImpact.WILL_REPLACE]: 'replaced',
  [ResourceImpact.MAY_REPLACE]: 'maybe replaced',
  [ResourceImpact.WILL_DESTROY]: 'removed',
  [ResourceImpact.WILL_ORPHAN]: 'kept aside',
};

/** What is kept aside is empty of use: whoever takes its place begins anew. */
const LOSING: ReadonlySet<Fate> = new Set(['replaced', 'maybe replaced', 'removed', 'kept aside']);

/** The names of what differs: properties, else attributes of the resource such as `DependsOn`. */
function changedParts(before: Resource | undefined, after: Resource | undefined): string[] {
  if (!before || !after) return [];
  const properties = differing(before.Properties ?? {}, after.Properties ?? {});
  const attributes = differing(before, after).filter((name) => name !== 'Properties');
  return [...properties, ...attributes];
}

function differing(before: object, after: object): string[] {
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name)))
    .sort();
}
