import { errorCode } from '../caught.ts';

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
  return `AWS cannot be asked: ${firstLine(error)}.`;
}

/** What to tell of an answer that AWS does not give. */
export function notAws(status = 200): string {
  return status >= 500
    ? `AWS, or a proxy on the way to it, answers ${status} and does not say why: try again in a minute.`
    : `What answers in place of AWS (${status}) is not AWS: look for a proxy or a sign-in page on the way and, where it is set, at AWS_ENDPOINT_URL.`;
}

/** More than AWS's sentences have. */
const SHOWN = 300;

/** The first line of what an error says: AWS shows below it what was signed, with the token. */
export function firstLine(error: Error): string {
  const [first = ''] = error.message.split(/[\r\n]/, 1);
  const line = first
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .replace(/[.:]$/, '');
  if (line === '') return errorCode(error) ?? error.name;
  return line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()}…` : line;
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
  const line = firstLine(error);
  return line === 'Unknown' || line === error.name ? error.name : `${error.name}: ${line}`;
}

function withCode(error: Error, code: string): string {
  const line = firstLine(error);
  return line.includes(code) ? line : `${code}: ${line}`;
}

const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];
