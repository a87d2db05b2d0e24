import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { setPassword } from '../../db/roles/apply-roles.ts';
import { canLogIn } from '../../db/roles/logins.ts';
import { countFailures } from '../shared/count-failures.ts';
import { logger } from '../shared/logger.ts';
import { METRICS } from '../shared/metric-names.ts';
import { emit } from '../shared/metrics.ts';
import { withRetries } from '../shared/with-retries.ts';
import { nextLogin } from './login.ts';
import { RotatedSecret } from './rotated-secret.ts';

const owner = connect(databaseAddress());

/** What Secrets Manager asks for, a step at a time. */
export interface RotationEvent {
  readonly SecretId: string;
  /** The id of the secret's version that is to come. */
  readonly ClientRequestToken: string;
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
}

/**
 * Gives the role of a secret its other login with a new password. The login that functions use
 * meanwhile stays as it is until the next rotation, so nothing that runs is disturbed. Each step
 * may run again: where one fails, Secrets Manager runs all of them again with the same token, and
 * begins no other rotation before.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html
 */
async function rotate({ SecretId, ClientRequestToken, Step }: RotationEvent, context: Context) {
  const secret = new RotatedSecret(SecretId, ClientRequestToken);
  logger.appendKeys({ secret: SecretId, step: Step });
  if (await secret.isFinished()) {
    if (Step === 'finishSecret') await secret.confirm(() => asking(() => canUse(SecretId)));
    return logger.info('secret is rotated already');
  }
  const steps: Record<RotationEvent['Step'], () => Promise<void>> = {
    async createSecret() {
      await secret.putPending(nextLogin(await secret.current()));
      await secret.pending(); // an earlier try's must still fit
    },
    async setSecret() {
      const { username, password } = await secret.pending();
      await asking(() => setPassword(owner, username, password));
    },
    async testSecret() {
      // The Data API logs in with a secret's current version alone:
      // `finishSecret` tests the password.
      const { username } = await secret.pending();
      if (!(await asking(() => canLogIn(owner, username)))) {
        throw new Error(`The login ${username} has not its role.`);
      }
    },
    async finishSecret() {
      await secret.finish(() => asking(() => canUse(SecretId)));
      emit({ [METRICS.rotations]: 1 });
    },
  };
  const step = steps[Step];
  if (!step) throw new Error(`There is no step ${Step}.`);
  await step();
  logger.info('secret rotation went a step on');

  function asking<T>(work: () => Promise<T>): Promise<T> {
    return withRetries(context, 'rotation tried again', work);
  }
}

/** @throws when the secret's current login cannot use the database */
async function canUse(secretArn: string): Promise<void> {
  const db = connect({ ...databaseAddress(), secretArn });
  try {
    await db.selectNoFrom((e) => e.lit(1).as('one')).execute();
  } finally {
    await db.destroy();
  }
}

export const handler = middy(rotate)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(countFailures(METRICS.rotationFailures));
