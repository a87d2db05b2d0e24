import { errorCode } from '../caught.ts';
import { ServiceError } from '../service-error.ts';
import { UsageError } from '../usage-error.ts';
import { whatAwsSays } from './aws-says.ts';

interface Asked {
  /** What to tell whom AWS does not let do what was asked. */
  readonly ifDenied?: string;
  readonly profile?: string | undefined;
}

/**
 * What a person can do about an error of the AWS SDK, or what AWS or the network said, in a
 * sentence. A fault in a program stays as it is.
 */
export function explainAwsError(error: unknown, asked: Asked): unknown {
  if (!(error instanceof Error)) return error;
  const advice = adviceOnSettings(error) ?? adviceOnCredentials(error, asked);
  if (advice) return new UsageError(advice, { cause: error });
  const said = whatAwsSays(error);
  return said ? new ServiceError(said, { cause: error }) : error;
}

/** Whether CloudFormation says that there is no such stack. */
export function isMissingStack(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ValidationError' && /does not exist/.test(error.message);
}

/** Whether signing in again is what helps. */
export function isExpired(error: Error): boolean {
  const { name, message } = error;
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(name)) return true;
  // Certificates expire, too, and signatures where a clock is wrong.
  return errorCode(error) === undefined && /expired/i.test(message) && !isUntimely(error);
}

/** Whether AWS takes a signature for an old one, or for one of the future. */
function isUntimely({ name, message }: Error): boolean {
  return name === 'RequestTimeTooSkewed' || /^Signature (expired|not yet current)/.test(message);
}

/** What is set so that AWS cannot even be asked. The values stay unsaid: one may be a secret. */
function adviceOnSettings(error: Error): string | undefined {
  const { message } = error;
  if (/^Region is missing/.test(message)) {
    return 'No AWS region is set: set AWS_REGION, or region in the profile.';
  }
  if (/^Region not accepted/.test(message)) {
    return 'The AWS region that is set is none: set AWS_REGION, or region in the profile, to one such as us-east-1.';
  }
  switch (errorCode(error)) {
    case 'ERR_INVALID_URL':
      return 'An address that is set for AWS is none: look at AWS_ENDPOINT_URL, and at endpoint_url in the profile.';
    case 'ERR_INVALID_CHAR':
      return 'The AWS credentials have a character that none has, such as a line break: set AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN again.';
    default:
      return undefined;
  }
}

function adviceOnCredentials(error: Error, { ifDenied, profile }: Asked): string | undefined {
  const { name } = error;
  const signIn = profile ? `aws sso login --profile ${profile}` : 'aws sso login';
  if (isUntimely(error)) return "AWS has another time than this machine: set this machine's clock.";
  if (isExpired(error)) return `The AWS credentials have expired: sign in again (${signIn}).`;
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) {
    return `No usable AWS credentials${profile ? ` in the profile ${profile}` : ''}: sign in (${signIn}) or choose a --profile.`;
  }
  if (UNKNOWN_CREDENTIALS.has(name)) {
    return 'AWS does not know these credentials: choose another --profile.';
  }
  return /^AccessDenied/.test(name) ? ifDenied : undefined;
}

const UNKNOWN_CREDENTIALS: ReadonlySet<string> = new Set([
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
