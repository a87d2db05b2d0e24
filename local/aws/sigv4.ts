import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock.ts';

// Signature Version 4, from the side that checks, for every stand-in that takes signed requests. It
// leaves out signatures in the query string and of chunked bodies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CLOCK_SKEW_MS = 5 * 60_000;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** Whose signatures fit, and for what they must be made. */
export interface Verifier {
  /** `rds-data`, `execute-api` */
  readonly service: string;
  readonly region: string;
  readonly credentials: readonly Credentials[];
  readonly clock: Pick<Clock, 'now'>;
}

/** What a signature is made over; the body by its SHA-256 in hexadecimal. */
export interface SignedRequest {
  readonly method?: string;
  /** Path and query as they came, still percent-encoded. */
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
}

export type SignatureFault = 'missing' | 'incomplete' | 'unknown_key' | 'invalid';

/** A request is not signed, or not by us, not for here, not now. The message is as AWS words it. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly fault: SignatureFault;

  constructor(fault: SignatureFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** What AWS's services call these faults in their answers. */
export const SIGNATURE_EXCEPTIONS = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  unknown_key: 'UnrecognizedClientException',
  invalid: 'InvalidSignatureException',
} as const satisfies Record<SignatureFault, string>;

/**
 * The credentials that signed a request.
 *
 * @throws {SignatureError}
 */
export function verifySignature(
  request: SignedRequest,
  bodySha256: string,
  verifier: Verifier,
): Credentials {
  const authorization = readAuthorization(request);
  const { accessKeyId, date, region, service, signedHeaders, signature } = authorization;
  const known = verifier.credentials.find((one) => one.accessKeyId === accessKeyId);
  if (!known || known.sessionToken !== request.headers['x-amz-security-token'])
    throw new SignatureError(
      'unknown_key',
      'The security token included in the request is invalid.',
    );
  if (region !== verifier.region) throw invalid('Credential should be scoped to a valid region.');
  if (service !== verifier.service)
    throw invalid(`Credential should be scoped to correct service: '${verifier.service}'.`);
  const amzDate = headerText(request, 'x-amz-date');
  checkDate(amzDate, date, verifier.clock.now());
  if (!signedHeaders.includes('host')) throw invalid("'Host' must be a 'SignedHeader'.");

  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = sha256(canonicalRequest(request, signedHeaders, bodySha256));
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${known.secretAccessKey}`,
  );
  const expected = hmac(key, [ALGORITHM, amzDate, scope, canonical].join('\n')).toString('hex');
  if (!isEqual(expected, signature)) throw invalid(MISMATCH);
  return known;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function readAuthorization({ headers }: SignedRequest): Authorization {
  const text = headers.authorization;
  if (!text) throw new SignatureError('missing', 'Missing Authentication Token');
  const [, accessKeyId, date, region, service, signedHeaders, signature] = FORM.exec(text) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature)
    throw new SignatureError(
      'incomplete',
      `Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters. Authorization=${text}`,
    );
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

const FORM = new RegExp(
  `^${ALGORITHM} Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$`,
);

function checkDate(amzDate: string, scopeDate: string, now: number): void {
  const [, year, month, day, hour, minute, second] = AMZ_DATE.exec(amzDate) ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt) || !amzDate.startsWith(scopeDate))
    throw invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.',
    );
  if (Math.abs(now - signedAt) <= CLOCK_SKEW_MS) return;
  const [at, before, after] = [0, -CLOCK_SKEW_MS, CLOCK_SKEW_MS].map((ms) => amzText(now + ms));
  throw invalid(
    signedAt < now
      ? `Signature expired: ${amzDate} is now earlier than ${before} (${at} - 5 min.)`
      : `Signature not yet current: ${amzDate} is still later than ${after} (${at} + 5 min.)`,
  );
}

/** `20240301T123000Z` */
const amzText = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  bodySha256: string,
): string {
  const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
  const headers = signedHeaders.map(
    (name) => `${name}:${headerText(request, name).trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    bodySha256,
  ].join('\n');
}

/** Every service but S3 has the path encoded once more than it is sent. */
function canonicalPath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', value = ''] = splitOnce(pair, '=');
    return [encode(decode(name)), encode(decode(value))] as const;
  });
  return pairs
    .sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** As RFC 3986 has it: all but letters, digits and `-._~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no percent-encoding of UTF-8: no signature will fit
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function headerText({ headers }: SignedRequest, name: string): string {
  const value = headers[name] ?? '';
  return Array.isArray(value) ? value.join(',') : value;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

const invalid = (message: string) => new SignatureError('invalid', message);

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS ' +
  'Secret Access Key and signing method. Consult the service documentation for details.';
