import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { startAwsJson } from '../aws/aws-json.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { Listening } from '../aws/loopback.ts';
import { secretOperations } from './operations.ts';
import { type RotationFunction, rotate, rotateSecretOperation } from './rotation.ts';
import { notFound, Secret } from './secret.ts';

// Stands in for Secrets Manager: the secrets of the templates, in memory, anew in every run. It
// leaves out rotation by the clock (one that failed, too, is tried again only when it is asked
// for), binary values, replicas, deletion, resource policies, and every operation not in
// `operations.ts`.

/** What a secret holds that is a login of PostgreSQL. */
export interface SecretCredentials {
  readonly secretArn: string;
  readonly username: string;
  readonly password: string;
}

export interface SecretsManagerOptions {
  /** The secrets that there are, and what each holds at first. */
  readonly secrets: readonly SecretCredentials[];
  /** What rotates a secret. @default nothing */
  readonly rotationOf?: (secretArn: string) => RotationFunction | undefined;
  /** Told of a login that is to be put into a secret, which is refused when this throws. */
  readonly beforePut?: (login: SecretCredentials) => void;
  readonly log?: (line: string) => void;
  /** For signatures. @default the system's */
  readonly clock?: Clock;
}

export interface SecretsManager extends Listening {
  /** What each secret holds now; one that holds no login is left out. */
  readonly credentials: readonly SecretCredentials[];
  /** Makes the version without a value that a rotation begins with. */
  begin(secretArn: string, versionId: string): void;
  /**
   * Rotates a secret to the end, or goes on with the rotation that is not complete;
   * throws what its function throws.
   */
  rotate(secretArn: string): Promise<void>;
  /** Settles when no rotation runs. */
  settled(): Promise<void>;
}

const LoginSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ username: v.string(), password: v.string() }),
);

/** One or none: anybody may put anything into a secret, and an error here would quote it. */
function loginsIn({ arn: secretArn }: Secret, value: string | undefined): SecretCredentials[] {
  const login = v.safeParse(LoginSchema, value);
  return login.success ? [{ secretArn, ...login.output }] : [];
}

/** Secrets Manager on loopback, for AWS SDK clients with `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
export async function startSecretsManager(options: SecretsManagerOptions): Promise<SecretsManager> {
  const { log = () => {}, clock = systemClock, rotationOf = () => undefined } = options;
  const { beforePut = () => {} } = options;
  const secrets = options.secrets.map(({ secretArn, ...value }) => {
    const secret = new Secret(secretArn);
    secret.put(randomUUID(), JSON.stringify(value), ['AWSCURRENT']);
    return secret;
  });
  const find = (id: string): Secret => {
    const found = secrets.find(({ arn, name }) => id === arn || id === name);
    if (!found) throw notFound("Secrets Manager can't find the specified secret.");
    return found;
  };
  const isRotated = (arn: string) => rotationOf(arn) !== undefined;
  const running = new Map<string, Promise<void>>();
  function start(secret: Secret, run: RotationFunction, token: string): Promise<void> {
    const started = running.get(token);
    if (started) return started;
    const rotation = rotate(secret, run, token);
    running.set(token, rotation);
    rotation
      .then(
        () => log(`The secret ${secret.name} is rotated`),
        (error: Error) => log(`The secret ${secret.name} was not rotated: ${error.message}`),
      )
      .finally(() => running.delete(token));
    return rotation;
  }

  const server = await startAwsJson({
    service: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    operations: {
      ...secretOperations(secrets, find, isRotated, (secret, value) => {
        for (const login of loginsIn(secret, value)) beforePut(login);
      }),
      RotateSecret: rotateSecretOperation(find, rotationOf, start),
    },
    log,
    clock,
  });
  return {
    ...server,
    begin: (secretArn, versionId) => find(secretArn).begin(versionId),
    rotate: async (secretArn) => {
      const run = rotationOf(secretArn);
      if (!run) throw new Error(`Nothing rotates ${secretArn}.`);
      const secret = find(secretArn);
      await start(secret, run, secret.unfinished ?? randomUUID());
    },
    settled: async () => {
      await Promise.allSettled(running.values());
    },
    get credentials() {
      return secrets.flatMap((secret) => loginsIn(secret, secret.currentValue));
    },
  };
}
