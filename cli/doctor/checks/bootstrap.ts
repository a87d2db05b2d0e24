import type { Check } from '../finding.ts';
import { findStack, outputOf } from '../stacks.ts';

const STACK = 'CDKToolkit';

/** What CDK needs in an account and region, made once by `cdk bootstrap`. */
export const bootstrap: Check = {
  title: 'bootstrap',
  async find({ aws, assembly }) {
    const { bootstrapVersion: needed } = assembly;
    const advice = 'npx cdk bootstrap makes it what it has to be, once per account and region.';
    const stack = await findStack(aws, STACK);
    if (!stack) return [{ level: 'problem', says: `There is no stack ${STACK}.`, advice }];
    const version = Number(outputOf(stack, 'BootstrapVersion'));
    if (!(version >= needed)) {
      const says = `${STACK} has version ${version || 'unknown'}; ${needed} is needed.`;
      return [{ level: 'problem', says, advice }];
    }
    return [{ level: 'ok', says: `${STACK} has version ${version}; ${needed} is needed` }];
  },
};
