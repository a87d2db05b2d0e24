import { randomBytes } from 'node:crypto';
import type { LoginPassword } from '../../db/apply-roles.ts';
import { findRoleOfLogin, loginsOf } from '../../db/role-names.ts';

/** The other login of the same role, with a new password of 240 random bits. */
export function nextLogin({ username }: LoginPassword): LoginPassword {
  const role = findRoleOfLogin(username);
  if (!role) throw new Error(`${username} is no login of a role.`);
  const [first, second] = loginsOf(role);
  return {
    username: username === first ? second : first,
    password: randomBytes(30).toString('base64url'),
  };
}
