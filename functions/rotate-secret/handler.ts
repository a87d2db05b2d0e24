import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { setPassword } from '../../db/roles/apply-roles.ts';
import { canLogIn } from '../../db/roles/logins.ts';
import { asOwner } from '../shared/as-owner.ts';
import { countFailures } from '../shared/count-failures.ts';
import { logger } from '../shared/logger.ts';
import { METRICS } from '../shared/metric-names.ts';
import { emit } from '../shared/metrics.ts';
import { withRetries } from '../shared/with-retries.ts';
import { OWNER_LOGIN, ROLE_LOGIN } from './login.ts';
import { ownerRotation } from './owner-rotation.ts';
import { roleRotation } from './role-rotation.ts';
import { RotatedSecret } from './rotated-secret.ts';

const ownersAddress = databaseAddress();
const owner = connect(ownersAddress);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** What Secrets Manager asks for, a step at a time. */
export interface RotationEvent {
  readonly SecretId: string;
  /** The id of the secret's version that is to come. */
  readonly ClientRequestToken: string;
  readonly Step: (typeof STEPS)[number];
}

/**
 * Gives a role, or the owner, a new password. Each step may run again: where one fails, Secrets
 * Manager runs all of them again with the same token, and begins no other rotation before.
 */
async function rotate({ SecretId, ClientRequestToken, Step }: RotationEvent, context: Context) {
  const isOwners = SecretId === ownersAddress.secretArn;
  const kind = isOwners ? OWNER_LOGIN : ROLE_LOGIN;
  const secret = new RotatedSecret(SecretId, ClientRequestToken, kind);
  const steps = (isOwners ? ownerRotation : roleRotation)(secret, {
    setPassword: ({ username, password }) =>
      isOwners
        ? asking(() => setPassword(owner, username, password)) // refused, it was changed already
        : asking(() => asOwner(() => setPassword(owner, username, password))),
    canLogIn: (username) => asking(() => asOwner(() => canLogIn(owner, username))),
    tryCurrent: () => asking(() => canUse(SecretId)),
  });
  logger.appendKeys({ secret: SecretId, step: Step });
  if (await secret.isFinished()) {
    if (Step === 'finishSecret') await steps.confirm();
    return logger.info('secret is rotated already');
  }
  if (!STEPS.includes(Step)) throw new Error(`There is no step ${Step}.`);
  await steps[Step]();
  if (Step === 'finishSecret') emit({ [METRICS.rotations]: 1 });
  logger.info('secret rotation went a step on');

  function asking<T>(work: () => Promise<T>): Promise<T> {
    return withRetries(context, 'rotation tried again', work);
  }
}

/** @throws when the secret's current login cannot use the database */
async function canUse(secretArn: string): Promise<void> {
  const db = connect({ ...ownersAddress, secretArn });
  try {
    await db.selectNoFrom((e) => e.lit(1).as('one')).execute();
  } finally {
    await db.destroy();
  }
}

export const handler = middy(rotate)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(countFailures(METRICS.rotationFailures));
