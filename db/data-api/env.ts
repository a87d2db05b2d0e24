/**
 * Names of the environment variables that tell a function which database is its own; the CDK app
 * sets them.
 */
export const DATABASE_RESOURCE_ARN = 'DATABASE_RESOURCE_ARN';
export const DATABASE_SECRET_ARN = 'DATABASE_SECRET_ARN';
export const DATABASE_NAME = 'DATABASE_NAME';
/** For the migrate function alone: the ARNs of all roles' secrets, divided by spaces. */
export const ROLE_SECRET_ARNS = 'ROLE_SECRET_ARNS';

/**
 * @throws when the variable is missing or empty: a function that lacks one fails at its start, by
 * name
 */
export function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing.`);
  return value;
}
