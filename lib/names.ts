// What the commands know of deployed stacks, by the names that the stacks are given.

/** The stacks of a stage. */
export function stackNames(stage: string): { readonly database: string; readonly api: string } {
  return {
    database: `order-analytics-${stage}-database`,
    api: `order-analytics-${stage}-api`,
  };
}

/** The API stack's output with the admin's address. */
export const ADMIN_URL = 'AdminUrl';

/** The API stack's output with the policy that lets people use the admin. */
export const ADMIN_POLICY = 'AdminPolicy';

/** The API stack's output with the policy that lets people change keys. */
export const KEYS_POLICY = 'KeysPolicy';

/** The API stack's output with the policy that lets people act. */
export const ACTIONS_POLICY = 'ActionsPolicy';

/** The API stack's output with the policy that lets people erase sellers. */
export const SELLERS_POLICY = 'SellersPolicy';
