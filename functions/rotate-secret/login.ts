import { randomBytes } from 'node:crypto';
import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import { findRoleOfLogin, loginsOf } from '../../db/roles/names.ts';

/** The other login of the same role, with a new password of 240 random bits. */
export function nextLogin({ username }: LoginPassword): LoginPassword {
  return { username: otherLogin(username), password: randomBytes(30).toString('base64url') };
}

/** Whether the two are the logins of one role. */
export function isOtherLogin(one: LoginPassword, other: LoginPassword): boolean {
  return one.username === otherLogin(other.username);
}

function otherLogin(username: string): string {
  const role = findRoleOfLogin(username);
  if (!role) throw new Error(`${username} is no login of a role.`);
  const [first, second] = loginsOf(role);
  return username === first ? second : first;
}
