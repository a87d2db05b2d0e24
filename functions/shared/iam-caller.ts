import type {
  APIGatewayEventRequestContextV2,
  APIGatewayProxyEventV2WithRequestContext,
} from 'aws-lambda';
import { Problem } from './problem.ts';

/** A request with who has signed it; a route that lacks the IAM authorizer has nothing of that. */
export type IamEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } };
  }
>;

/**
 * The ARN of the person who asks, as API Gateway has verified it.
 *
 * @param detail what the answer says where the route would lack the IAM authorizer
 * @throws {Problem} 403 then
 */
export function requireCaller(
  { requestContext }: Pick<IamEvent, 'requestContext'>,
  detail: string,
): string {
  const caller = requestContext.authorizer?.iam?.userArn;
  if (!caller) throw new Problem(403, { detail });
  return caller;
}
