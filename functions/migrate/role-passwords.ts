import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LoginPassword } from '../../db/apply-roles.ts';
import { findRoleOfLogin } from '../../db/role-names.ts';

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
  const { SecretString = '' } = await client.getSecretValue({ SecretId: secretArn });
  const { username, password } = parseObject(SecretString);
  const isLogin = typeof username === 'string' && findRoleOfLogin(username) !== undefined;
  if (!isLogin || typeof password !== 'string' || password === '') {
    throw new Error(`The secret ${secretArn} holds no login of a role.`); // not what it holds
  }
  return { username, password };
}

function parseObject(text: string): { username?: unknown; password?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {}; // the error would quote the text
  }
}
