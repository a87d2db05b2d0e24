import type { RoleName } from './names.ts';
import type { Rights } from './role.ts';

export type LeavingRights = { readonly [Role in RoleName]?: Rights };

/**
 * What only the functions of the release before need. They run on until a deploy has replaced them,
 * which comes after the migration: a right that `roles.ts` loses stands here for one release, and
 * the next one takes it away.
 */
export const LEAVING_RIGHTS: LeavingRights = {};
