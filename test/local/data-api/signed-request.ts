import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export interface SignedRequest {
  readonly endpoint: string;
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly region?: string;
  readonly service?: string;
  /** What is sent, where it is not what is signed. */
  readonly sentBody?: string;
  readonly headers?: Record<string, string>;
}

export interface RawAnswer {
  readonly status: number;
  readonly errorType: string | null;
  readonly text: string;
}

/** A request that AWS's client would not make, signed as it would. */
export async function post(request: SignedRequest): Promise<RawAnswer> {
  const { endpoint, path, body } = request;
  const {
    credentials = { accessKeyId: 'local', secretAccessKey: 'local' },
    region = 'us-east-1',
    service = 'rds-data',
  } = request;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const { host, hostname } = new URL(endpoint);
  const { headers } = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, path, body },
    headers: { host, 'content-type': 'application/json' },
  });
  return read(
    await fetch(endpoint + path, {
      method: 'POST',
      headers: { ...headers, ...request.headers },
      body: request.sentBody ?? body,
    }),
  );
}

export async function read(response: Response): Promise<RawAnswer> {
  return {
    status: response.status,
    errorType: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}
