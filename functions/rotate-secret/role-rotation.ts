import type { RotatedSecret } from './rotated-secret.ts';
import type { RotationDatabase, RotationSteps } from './steps.ts';

/**
 * Gives a role its other login with a new password. The login that functions use meanwhile stays as
 * it is until the next rotation, so nothing that runs is disturbed.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html
 */
export function roleRotation(secret: RotatedSecret, database: RotationDatabase): RotationSteps {
  return {
    createSecret: () => secret.putNext(),
    async setSecret() {
      await database.setPassword(await secret.pending());
    },
    async testSecret() {
      // The Data API logs in with a secret's current version alone:
      // `finishSecret` tests the password.
      const { username } = await secret.pending();
      if (!(await database.canLogIn(username))) {
        throw new Error(`The login ${username} has not its role.`);
      }
    },
    finishSecret: () => secret.finish(database.tryCurrent),
    confirm: () => secret.confirm(database.tryCurrent),
  };
}
