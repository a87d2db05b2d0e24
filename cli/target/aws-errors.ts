import { ADMIN_POLICY } from '../../lib/names.ts';
import { UsageError } from '../usage-error.ts';

interface Asked {
  readonly stackName: string;
  readonly profile?: string | undefined;
}

/** What a person can do about an error of the AWS SDK; one that we do not know stays as it is. */
export function explainAwsError(error: unknown, { stackName, profile }: Asked): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const signIn = profile ? `aws sso login --profile ${profile}` : 'aws sso login';
  const explained = (sentence: string) => new UsageError(sentence, { cause: error });

  if (/^Region is missing/.test(message)) {
    return explained('No AWS region is set: set AWS_REGION, or region in the profile.');
  }
  if (name === 'ValidationError' && /does not exist/.test(message)) {
    return explained(
      `There is no stack ${stackName} in this account and region: deploy it, or choose another --stage, --profile or AWS_REGION.`,
    );
  }
  if (isExpired(error)) {
    return explained(`The AWS credentials have expired: sign in again (${signIn}).`);
  }
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) {
    return explained(
      `No usable AWS credentials${profile ? ` in the profile ${profile}` : ''}: sign in (${signIn}) or choose a --profile.`,
    );
  }
  if (/^(InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException)$/.test(name)) {
    return explained('AWS does not know these credentials: choose another --profile.');
  }
  if (/^AccessDenied/.test(name)) {
    return explained(
      `These credentials may not look up the stack ${stackName}: whoever deploys it attaches its policy ${ADMIN_POLICY} to you.`,
    );
  }
  return error;
}

/** Whether signing in again is what helps. */
export function isExpired({ name, message }: Error): boolean {
  return (
    /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(name) || /expired/i.test(message)
  );
}
