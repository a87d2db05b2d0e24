import type { Credentials, Verifier } from './sigv4.ts';

/** The account and region that a local run plays. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** Who signs on one machine. */
export const LOCAL_CREDENTIALS: Credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Takes what that account signs for a service, such as `rds-data`. */
export function localVerifier(service: string, clock: Verifier['clock']): Verifier {
  return { service, region: LOCAL_REGION, credentials: [LOCAL_CREDENTIALS], clock };
}

/**
 * The ARN of something in that account; `resource` is what only the service can tell:
 * `function:upload`.
 */
export function localArn(service: string, resource: string, region = LOCAL_REGION): string {
  return `arn:aws:${service}:${region}:${LOCAL_ACCOUNT}:${resource}`;
}

/** IAM has no regions: `user/somebody`. */
export const localIamArn = (resource: string) => `arn:aws:iam::${LOCAL_ACCOUNT}:${resource}`;

export const clusterArn = (name: string, region?: string) =>
  localArn('rds', `cluster:${name}`, region);

/** With the six characters that Secrets Manager adds to a name. */
export const secretArn = (name: string, region?: string) =>
  localArn('secretsmanager', `secret:${name}-AbCdEf`, region);

/** The variables with which the AWS SDK and the AWS CLI act for that account. */
export function localEnvironment(region = LOCAL_REGION) {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  };
}
