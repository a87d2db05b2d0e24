import { isLoginRefused } from '../../db/data-api/errors.ts';
import type { RotatedSecret } from './rotated-secret.ts';
import type { RotationDatabase, RotationSteps } from './steps.ts';

/**
 * Gives the owner a new password. The owner owns the tables and is one login, so that there is a
 * moment in which the secret's password opens nothing: all is done in the last step, where it is as
 * short as two calls are. Who works as the owner meanwhile tries again (`asOwner`); nobody else
 * notices.
 */
export function ownerRotation(secret: RotatedSecret, database: RotationDatabase): RotationSteps {
  const isReady = async () => {
    await secret.pending();
  };
  return {
    createSecret: () => secret.putNext(),
    setSecret: isReady,
    testSecret: isReady,
    async finishSecret() {
      const login = await secret.pending();
      try {
        await database.setPassword(login);
      } catch (error) {
        // An earlier try has set it, and ended before it said so. If somebody else has changed the
        // password, neither is right, and the test says so.
        if (!isLoginRefused(error)) throw error;
      }
      await secret.switchOver();
      await database.tryCurrent(); // there is no way back: the password of before is gone
    },
    confirm: database.tryCurrent,
  };
}
