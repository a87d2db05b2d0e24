import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, localIamArn, localVerifier } from '../aws/account.ts';
import type { Clock } from '../aws/clock.ts';
import { SignatureError, verifySignature } from '../aws/sigv4.ts';
import type { ReceivedRequest } from './event.ts';

/**
 * What an event says of the person who signed the request, or `undefined` when nobody whom we know
 * has. Whoever signs may do anything: the policies of people are not among the templates.
 */
export function authorizeByIam(
  { message, body }: ReceivedRequest,
  clock: Clock,
): { iam: Record<string, string | null> } | undefined {
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  try {
    const { accessKeyId } = verifySignature(
      message,
      bodySha256,
      localVerifier('execute-api', clock),
    );
    return {
      iam: {
        accessKey: accessKeyId,
        accountId: LOCAL_ACCOUNT,
        callerId: 'AIDALOCAL',
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: localIamArn(`user/${accessKeyId}`),
        userId: 'AIDALOCAL',
      },
    };
  } catch (error) {
    if (error instanceof SignatureError) return undefined;
    throw error;
  }
}
