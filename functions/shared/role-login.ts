import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import { findRoleOfLogin } from '../../db/roles/names.ts';

/**
 * The login of a role that the text of a secret holds, or `undefined`. Nothing is thrown:
 * an error of `JSON.parse` quotes the text, and ends in a log.
 */
export function findRoleLogin(text: string | undefined): LoginPassword | undefined {
  const { username, password } = secretFields(text);
  const isLogin = typeof username === 'string' && findRoleOfLogin(username) !== undefined;
  if (!isLogin || typeof password !== 'string' || password === '') return undefined;
  return { username, password };
}

/** What the text of a secret has; nothing, when it is no object. Nothing is thrown either. */
export function secretFields(text = ''): { username?: unknown; password?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
