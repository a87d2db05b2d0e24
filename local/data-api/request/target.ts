import { secretName } from '../../secrets-manager/secret-name.ts';
import { DataApiError } from '../errors.ts';
import * as limits from '../limits.ts';
import type { Login } from '../postgres/session.ts';
import type { Input } from './input.ts';

export interface Cluster {
  readonly resourceArn: string;
}

/** A secret of Secrets Manager, which is a role of PostgreSQL. */
export interface Secret {
  readonly secretArn: string;
  readonly username: string;
  readonly password: string;
}

export interface Account {
  readonly postgres: { readonly host: string; readonly port: number };
  readonly clusters: readonly Cluster[];
  readonly secrets: readonly Secret[];
}

/** What a call says about where to run and as whom. */
export interface Target {
  readonly resourceArn: string;
  /** Or its name. */
  readonly secretArn: string;
  readonly database?: string;
}

export function readTarget(input: Input): Target {
  const resourceArn = input.requiredText('resourceArn', limits.ARN_CHARACTERS);
  const secretArn = input.requiredText('secretArn', limits.ARN_CHARACTERS);
  const database = input.text('database', { max: limits.DATABASE_CHARACTERS });
  return { resourceArn, secretArn, ...(database && { database }) };
}

/**
 * @throws {DataApiError} ValidationException: the service knows the member and does not support it
 */
export function refuseSchema(input: Input): void {
  if (input.text('schema', { max: limits.DATABASE_CHARACTERS }) !== undefined)
    throw new DataApiError('ValidationException', "The schema parameter isn't supported");
}

/**
 * A call that names no database goes to the one that is named like the user,
 * as PostgreSQL's clients do.
 *
 * @throws {DataApiError} when there is no such cluster or secret, or the secret is not whole
 */
export function loginOf(target: Target, { postgres, clusters, secrets }: Account): Login {
  const { resourceArn, secretArn } = target;
  const cluster = clusters.find((candidate) => candidate.resourceArn === resourceArn);
  if (!cluster)
    throw new DataApiError(
      'HttpEndpointNotEnabledException',
      `HttpEndpoint is not enabled for resource ${resourceArn}`,
    );
  const secret = secrets.find(
    (candidate) =>
      candidate.secretArn === secretArn || secretName(candidate.secretArn) === secretArn,
  );
  if (!secret)
    throw new DataApiError(
      'SecretsErrorException',
      "Secrets Manager can't find the specified secret.",
    );
  const { username, password } = secret;
  if (!username || !password)
    throw new DataApiError('InvalidSecretException', 'The secret has no username or no password.');
  return { ...postgres, database: target.database ?? username, username, password };
}
