import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import { findRoleOfLogin } from '../../db/roles/names.ts';
import { findRoleLogin } from '../shared/role-login.ts';

const client = new SecretsManager();

/**
 * The login that each role's secret names now, and the password that it has for it.
 *
 * @throws when a secret holds something else, or a login of a role that another secret is for
 */
export async function readRolePasswords(secretArns: readonly string[]): Promise<LoginPassword[]> {
  const logins = await Promise.all(secretArns.map(readLogin));
  const roles = logins.map(({ username }) => findRoleOfLogin(username));
  roles.forEach((role, index) => {
    const first = roles.indexOf(role);
    if (first === index) return;
    // Each would get the login's password changed under the other,
    // and one function the other's rights.
    throw new Error(
      `The secrets ${secretArns[first]} and ${secretArns[index]} hold logins of one role, ${role}.`,
    );
  });
  return logins;
}

async function readLogin(secretArn: string): Promise<LoginPassword> {
  const { SecretString } = await client.getSecretValue({ SecretId: secretArn });
  const login = findRoleLogin(SecretString);
  if (!login) throw new Error(`The secret ${secretArn} holds no login of a role.`);
  return login;
}
