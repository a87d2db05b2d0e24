import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LoginPassword } from '../../db/apply-roles.ts';
import { findRoleLogin } from '../shared/role-login.ts';

const client = new SecretsManager();

/**
 * The login that each role's secret names now, and the password that it has for it.
 *
 * @throws when a secret holds something else
 */
export function readRolePasswords(secretArns: readonly string[]): Promise<LoginPassword[]> {
  return Promise.all(secretArns.map(readLogin));
}

async function readLogin(secretArn: string): Promise<LoginPassword> {
  const { SecretString } = await client.getSecretValue({ SecretId: secretArn });
  const login = findRoleLogin(SecretString);
  if (!login) throw new Error(`The secret ${secretArn} holds no login of a role.`);
  return login;
}
