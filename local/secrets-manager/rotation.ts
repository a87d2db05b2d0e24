import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsJsonError } from '../aws/aws-json.ts';
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
 * Rotates a secret as Secrets Manager does: a version without a value that is labelled
 * AWSPENDING, then the function's four steps. One that has failed is tried again from the first
 * step, with the same token.
 *
 * @throws what a step throws; the steps after it do not run then
 */
export async function rotate(secret: Secret, run: RotationFunction, token: string): Promise<void> {
  secret.begin(token);
  for (const Step of STEPS) {
    await run({ SecretId: secret.arn, ClientRequestToken: token, Step });
  }
}

/**
 * The operation RotateSecret, which answers before the rotation is done. While one is not
 * complete no other begins: asked for another, it tries that one again and refuses. Rotation
 * rules are the templates'.
 *
 * @param start runs a rotation, unless it runs already
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
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
      throw refused('No Lambda rotation function ARN is associated with this secret.');
    }
    const { unfinished } = secret;
    // What fails is logged.
    if (!secret.isCurrent(token)) start(secret, run, unfinished ?? token).catch(() => {});
    if (unfinished !== undefined && unfinished !== token) {
      throw refused("A previous rotation isn't complete. That rotation will be reattempted.");
    }
    return { ARN: secret.arn, Name: secret.name, VersionId: token };
  };
}

const refused = (message: string) => new AwsJsonError('InvalidRequestException', message);
