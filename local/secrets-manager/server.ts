import { randomUUID } from 'node:crypto';
import { startAwsJson } from '../aws-json.ts';
import { secretOperations } from './operations.ts';
import { Secret } from './secret.ts';

// Stands in for Secrets Manager: the secrets of the templates, in memory, anew in every run. It leaves
// out binary values, replicas, deletion, resource policies, and every operation not in `operations.ts`.

/** What a secret holds that is a login of PostgreSQL. */
export interface SecretCredentials {
  readonly secretArn: string;
  readonly username: string;
  readonly password: string;
}

export interface SecretsManagerOptions {
  /** The secrets that there are, and what each holds at first. */
  readonly secrets: readonly SecretCredentials[];
  readonly log?: (line: string) => void;
  /** @default Date.now */
  readonly now?: () => number;
}

export interface SecretsManager {
  readonly endpoint: string;
  /** What each secret holds now. */
  readonly credentials: readonly SecretCredentials[];
  stop(): Promise<void>;
}

/** Secrets Manager on loopback, for AWS SDK clients with `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
export async function startSecretsManager(options: SecretsManagerOptions): Promise<SecretsManager> {
  const { log = () => {}, now } = options;
  const secrets = options.secrets.map(({ secretArn, ...value }) => {
    const secret = new Secret(secretArn);
    secret.put(randomUUID(), JSON.stringify(value), ['AWSCURRENT']);
    return secret;
  });
  const server = await startAwsJson({
    service: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    operations: secretOperations(secrets, () => false),
    log,
    now,
  });
  return {
    ...server,
    get credentials() {
      return secrets.map((secret) => {
        const { username, password } = JSON.parse(secret.get().value);
        return { secretArn: secret.arn, username, password };
      });
    },
  };
}
