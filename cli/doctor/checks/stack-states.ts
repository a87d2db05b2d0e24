import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Check, Finding } from '../finding.ts';
import { findStackInAnyState, isFailedCreation } from '../stacks.ts';

/** Whether stacks that are there can be deployed again. */
export const stackStates: Check = {
  title: 'stacks',
  async find({ aws, assembly }) {
    const found: Finding[] = [];
    for (const { name } of assembly.stacks) {
      const stack = await findStackInAnyState(aws, name);
      found.push(stack ? stateOf(stack) : { level: 'ok', says: `${name} is made anew` });
    }
    return found;
  },
};

function stateOf(stack: Stack): Finding {
  const status: string = stack.StackStatus ?? 'in no known state';
  const says = `${stack.StackName} is ${status}`;
  if (status.endsWith('_IN_PROGRESS')) {
    return { level: 'problem', says, advice: 'Another deploy is under way: wait for its end.' };
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    const advice = 'docs/operations.md, Rolling back, says how to go on without what failed.';
    return { level: 'problem', says, advice };
  }
  if (isFailedCreation(stack)) return failedCreation(stack, says);
  if (status === 'UPDATE_FAILED') {
    const advice =
      'A deploy was not rolled back (--no-rollback): the next one asks whether it is to be.';
    return { level: 'warning', says: `${says}.`, advice };
  }
  if (status.endsWith('_FAILED')) {
    const advice = 'No deploy goes on from there: its events say what failed.';
    return { level: 'problem', says, advice };
  }
  return { level: 'ok', says };
}

/**
 * The deploy deletes it first. Where it is protected AWS refuses that: the CDK turns the protection
 * on before it makes anything, and not off again.
 */
function failedCreation(stack: Stack, says: string): Finding {
  const { StackName: name, StackStatus: status, EnableTerminationProtection: isProtected } = stack;
  const hasLeftovers = status === 'ROLLBACK_FAILED';
  if (isProtected && hasLeftovers) {
    const advice =
      'docs/operations.md, First deploy, says what is left of the first deploy, and how to take it away.';
    return { level: 'problem', says, advice };
  }
  if (isProtected) {
    const advice = `Nothing is in it. Let the deploy delete it: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`;
    return { level: 'problem', says, advice };
  }
  const told = `${says}, and deleted by the deploy before it is made anew`;
  if (!hasLeftovers) return { level: 'ok', says: told };
  const advice = 'What could not be deleted may refuse again: its events say what and why.';
  return { level: 'warning', says: `${told}.`, advice };
}
