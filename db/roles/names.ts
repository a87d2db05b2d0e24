/**
 * The database roles, one a function; `db/roles/roles.ts` says what each may do. The owner is none
 * of them.
 */
export const ROLE_NAMES = [
  'upload',
  'amend',
  'orders',
  'stats',
  'daily_stats',
  'admin',
  'authorize',
  'keys',
  'sellers',
  'actions',
] as const;

export type RoleName = (typeof ROLE_NAMES)[number];

/**
 * The two logins of a role, which hold its rights by being its members. A secret names one of them;
 * rotating it gives the other a new password, so that the one in use stays valid meanwhile.
 */
export function loginsOf(role: RoleName): readonly [string, string] {
  return [`${role}_1`, `${role}_2`];
}

/** The logins of all roles. */
export const LOGIN_NAMES: readonly string[] = ROLE_NAMES.flatMap(loginsOf);

/** The role that a login is for. */
export function findRoleOfLogin(login: string): RoleName | undefined {
  return ROLE_NAMES.find((role) => loginsOf(role).includes(login));
}
