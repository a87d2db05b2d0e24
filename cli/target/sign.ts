import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Target } from './target.ts';

/** A request to a path of the target, its body whole: the signature is made over all of it. */
export interface UnsignedRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SignedRequest {
  readonly method: string;
  /** With the query, spelled so that nobody reads it in another way than the signature does. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs with the target's credentials, for API Gateway.
 *
 * @throws {URIError} when the path is no UTF-8
 */
export function createSigner({ origin, region, credentials }: Omit<Target, 'title'>) {
  const { protocol, hostname, host } = new URL(origin);
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });

  return async (request: UnsignedRequest): Promise<SignedRequest> => {
    const path = spelled(request.path);
    const query = [...request.query];
    const { method, headers } = await signer.sign({
      method: request.method,
      protocol,
      hostname,
      path,
      query: Object.fromEntries(
        query.map(([name]) => [name, query.filter(([n]) => n === name).map(([, value]) => value)]),
      ),
      headers: { ...request.headers, host },
      body: request.body,
    });
    const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    return { method, path: search ? `${path}?${search}` : path, headers };
  };
}

/** Browsers leave characters as they are that signatures have encoded, and the other way round. */
function spelled(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.map((segment) => encode(decodeURIComponent(segment))).join('/')}`;
}

/** As RFC 3986 has it: all but letters, digits and `-._~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
