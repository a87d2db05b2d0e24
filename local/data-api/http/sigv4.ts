import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DataApiError } from '../errors.ts';

// Signature Version 4, from the side that checks.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'rds-data';
const CLOCK_SKEW_MS = 5 * 60_000;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

export interface Verifier {
  readonly region: string;
  readonly credentials: readonly Credentials[];
  now(): number;
}

/** @throws {DataApiError} as AWS refuses a request that is not signed, or not by us, not for here, not now */
export function verifySignature(
  request: IncomingMessage,
  bodySha256: string,
  verifier: Verifier,
): void {
  const authorization = readAuthorization(request);
  const { accessKeyId, date, region, service, signedHeaders, signature } = authorization;
  const known = verifier.credentials.find((one) => one.accessKeyId === accessKeyId);
  if (!known || known.sessionToken !== request.headers['x-amz-security-token'])
    throw new DataApiError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (region !== verifier.region) throw invalid('Credential should be scoped to a valid region.');
  if (service !== SERVICE)
    throw invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  const amzDate = headerText(request, 'x-amz-date');
  checkDate(amzDate, date, verifier.now());
  if (!signedHeaders.includes('host')) throw invalid("'Host' must be a 'SignedHeader'.");

  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = sha256(canonicalRequest(request, signedHeaders, bodySha256));
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${known.secretAccessKey}`,
  );
  const expected = hmac(key, [ALGORITHM, amzDate, scope, canonical].join('\n')).toString('hex');
  if (!isEqual(expected, signature)) throw invalid(MISMATCH);
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function readAuthorization({ headers }: IncomingMessage): Authorization {
  const text = headers.authorization;
  if (!text)
    throw new DataApiError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [, accessKeyId, date, region, service, signedHeaders, signature] = FORM.exec(text) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature)
    throw new DataApiError(
      'IncompleteSignatureException',
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
  const word = signedAt < now ? 'expired' : 'not yet current';
  throw invalid(`Signature ${word}: ${amzDate}`);
}

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function canonicalRequest(
  request: IncomingMessage,
  signedHeaders: readonly string[],
  bodySha256: string,
): string {
  const [path, query = ''] = (request.url ?? '').split('?');
  const headers = signedHeaders.map(
    (name) => `${name}:${headerText(request, name).trim().replace(/\s+/g, ' ')}\n`,
  );
  const names = signedHeaders.join(';');
  return [request.method, path, query, headers.join(''), names, bodySha256].join('\n');
}

function headerText({ headers }: IncomingMessage, name: string): string {
  const value = headers[name] ?? '';
  return Array.isArray(value) ? value.join(',') : value;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

const invalid = (message: string) => new DataApiError('InvalidSignatureException', message);

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS ' +
  'Secret Access Key and signing method. Consult the service documentation for details.';
