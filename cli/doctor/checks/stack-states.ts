import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Check, Finding } from '../finding.ts';
import { findStack } from '../stacks.ts';

/** Whether stacks that are there can be deployed again. */
export const stackStates: Check = {
  title: 'stacks',
  async find({ aws, assembly }) {
    const found: Finding[] = [];
    for (const { name } of assembly.stacks) {
      const stack = await findStack(aws, name);
      found.push(stack ? stateOf(stack) : { level: 'ok', says: `${name} is made anew` });
    }
    return found;
  },
};

function stateOf({ StackName: name, StackStatus }: Stack): Finding {
  const status: string = StackStatus ?? 'in no known state';
  const says = `${name} is ${status}`;
  if (status.endsWith('_IN_PROGRESS')) {
    return { level: 'problem', says, advice: 'Another deploy is under way: wait for its end.' };
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    const advice = 'docs/operations.md, Rolling back, says how to go on without what failed.';
    return { level: 'problem', says, advice };
  }
  if (status === 'ROLLBACK_COMPLETE' || status.endsWith('_FAILED')) {
    const advice = 'Its first deploy failed: docs/operations.md, First deploy, says what to do.';
    return { level: 'problem', says, advice };
  }
  return { level: 'ok', says };
}
