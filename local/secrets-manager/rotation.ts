import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsJsonError } from '../aws-json.ts';
import { parse } from './operations.ts';
import type { Secret } from './secret.ts';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** What a rotation function gets for each step. */
export interface RotationStep {
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly Step: (typeof STEPS)[number];
}

/** Runs one step of a secret's rotation function; throws what the function throws. */
export type RotationFunction = (step: RotationStep) => Promise<void>;

const RotateSchema = v.strictObject({
  SecretId: v.string(),
  ClientRequestToken: v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64))),
});

/**
 * Rotates a secret as Secrets Manager does: a version without a value that is labelled AWSPENDING, then the
 * function's four steps.
 *
 * @throws what a step throws; the steps after it do not run then
 */
export async function rotate(secret: Secret, run: RotationFunction, token: string): Promise<void> {
  secret.begin(token, 'AWSPENDING');
  for (const Step of STEPS) {
    await run({ SecretId: secret.arn, ClientRequestToken: token, Step });
  }
}

/** The operation RotateSecret, which answers before the rotation is done. Rotation rules are the templates'. */
export function rotateSecretOperation(
  find: (id: string) => Secret,
  functionOf: (arn: string) => RotationFunction | undefined,
  start: (secret: Secret, run: RotationFunction, token: string) => Promise<void>,
) {
  return (input: unknown) => {
    const { SecretId, ClientRequestToken: token = randomUUID() } = parse(RotateSchema, input);
    const secret = find(SecretId);
    const run = functionOf(secret.arn);
    if (!run) {
      throw new AwsJsonError(
        'InvalidRequestException',
        'No Lambda rotation function ARN is associated with this secret.',
      );
    }
    start(secret, run, token).catch(() => {}); // it is logged
    return { ARN: secret.arn, Name: secret.name, VersionId: token };
  };
}
