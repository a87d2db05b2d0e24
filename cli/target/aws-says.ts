import { errorCode } from '../caught.ts';
import { firstLine } from '../first-line.ts';

/**
 * What AWS, or the network on the way to it, has said in an error of the AWS SDK, as a sentence;
 * `undefined` of a fault in a program.
 */
export function whatAwsSays(error: Error): string | undefined {
  if (isAnswer(error)) {
    const { $fault, $metadata } = error;
    if ($fault === undefined || error.name === 'Unknown') {
      return notAws($metadata?.httpStatusCode);
    }
    const mayPass = $fault === 'server' || /Throttl|TooMany|LimitExceeded/.test(error.name);
    return `AWS refuses: ${named(error)}.${mayPass ? ' Try again in a minute.' : ''}`;
  }
  if (FAULTS.some((fault) => error instanceof fault)) return undefined;
  const code = errorCode(error);
  if (code !== undefined && !('path' in error)) {
    const why = code === 'ETIMEDOUT' ? 'not in time' : withCode(error, code);
    return `AWS cannot be reached (${why}): look at the network, AWS_REGION and, where it is set, AWS_ENDPOINT_URL.`;
  }
  return `AWS cannot be asked: ${lineOf(error)}.`;
}

/** What to tell of an answer that AWS does not give. */
export function notAws(status = 200): string {
  return status >= 500
    ? `AWS, or a proxy on the way to it, answers ${status} and does not say why: try again in a minute.`
    : `What answers in place of AWS (${status}) is not AWS: look for a proxy or a sign-in page on the way and, where it is set, at AWS_ENDPOINT_URL.`;
}

/** What an error says, in a line: below it AWS shows what was signed, with the token. */
export function lineOf(error: Error): string {
  return firstLine(error.message).replace(/[.:]$/, '') || (errorCode(error) ?? error.name);
}

/** As the AWS SDK tells of an answer; of one that is not of AWS's form without `$fault`. */
interface Answer {
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function isAnswer(error: Error): error is Error & Answer {
  return '$fault' in error || '$response' in error;
}

/** `Unknown` is what the SDK says where AWS has said nothing. */
function named(error: Error): string {
  const line = lineOf(error);
  return line === 'Unknown' || line === error.name ? error.name : `${error.name}: ${line}`;
}

function withCode(error: Error, code: string): string {
  const line = lineOf(error);
  return line.includes(code) ? line : `${code}: ${line}`;
}

const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];
