import { createHash } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

const agent = new Agent({ keepAlive: true });

/**
 * Signs a request to ExecuteStatement once, so that sending it,
 * any number of times within 5 minutes, costs its sender next to nothing.
 *
 * @returns sends it and answers the body
 * @throws when the status is not 200
 */
export async function presigned(
  { endpoint, region }: { endpoint: string; region: string },
  members: object,
): Promise<{ readonly bytes: number; send(): Promise<string> }> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const signer = new SignatureV4({ credentials, region, service: 'rds-data', sha256: Sha256 });
  const { host, hostname, port } = new URL(endpoint);
  const body = Buffer.from(JSON.stringify(members));
  const { headers } = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, path: '/Execute' },
    headers: {
      host,
      'content-type': 'application/json',
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    },
  });
  return {
    bytes: body.length,
    send: () =>
      new Promise((resolve, reject) => {
        const options = { agent, hostname, port, path: '/Execute', method: 'POST' };
        const request = send({
          ...options,
          headers: { ...headers, 'content-length': body.length },
        });
        request.once('error', reject);
        request.once('response', async (response) => {
          const answer = await text(response);
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(answer.slice(0, 500)));
        });
        request.end(body);
      }),
  };
}
