import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../aws/account.ts';
import { LOCAL_CREDENTIALS, SignatureError, verifySignature } from '../aws/sigv4.ts';
import type { ReceivedRequest } from './event.ts';

const VERIFIER = {
  service: 'execute-api',
  region: LOCAL_REGION,
  credentials: [LOCAL_CREDENTIALS],
};

/**
 * What an event says of the person who signed the request, or `undefined` when nobody whom we know has.
 * Whoever signs may do anything: the policies of people are not among the templates.
 */
export function authorizeByIam(
  { message, body }: ReceivedRequest,
  now: () => number,
): { iam: Record<string, string | null> } | undefined {
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  try {
    const { accessKeyId } = verifySignature(message, bodySha256, { ...VERIFIER, now });
    return {
      iam: {
        accessKey: accessKeyId,
        accountId: LOCAL_ACCOUNT,
        callerId: 'AIDALOCAL',
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/${accessKeyId}`,
        userId: 'AIDALOCAL',
      },
    };
  } catch (error) {
    if (error instanceof SignatureError) return undefined;
    throw error;
  }
}
