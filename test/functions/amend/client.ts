import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { documented } from '../../helpers/contract/documented.ts';
import { apiEvent, keyOf, lambdaContext } from '../../helpers/events.ts';
import type { Answer } from '../upload/client.ts';

export interface AmendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly context?: Context;
  /** Whose key is sent. @default `seller` */
  readonly seller?: string;
}

/** Sends requests to the handler that deletes and undoes. */
export interface AmendClient {
  /** @param query as it is sent */
  remove(query: string, options?: AmendOptions): Promise<Answer>;
  undo(uploadId: unknown, query?: string, options?: AmendOptions): Promise<Answer>;
}

/** @param environment the variables with which the handler finds the database */
export async function amendClient(
  environment: Readonly<Record<string, string>>,
): Promise<AmendClient> {
  Object.assign(process.env, environment);
  const { handler } = await import('../../../functions/amend/handler.ts');
  let requests = 0;

  async function send(
    fields: Partial<APIGatewayProxyEventV2>,
    { headers = {}, context = lambdaContext(), seller = 'seller' }: AmendOptions = {},
  ): Promise<Answer> {
    const event = apiEvent({ ...fields, headers });
    requests += 1;
    Object.assign(event.requestContext, keyOf(seller), { requestId: `amend-${requests}` });
    const answer = (await handler(event, context)) as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    };
    documented(event, answer);
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) };
  }

  return {
    remove: (rawQueryString, options) =>
      send({ routeKey: 'DELETE /api/orders', rawQueryString }, options),
    undo: (id, rawQueryString = '', options = {}) =>
      send(
        {
          routeKey: 'POST /api/uploads/{id}/undo',
          rawQueryString,
          pathParameters: { id: String(id) },
        },
        options,
      ),
  };
}

/** `user=seller&order_number=A&order_number=B` */
export function numbersQuery(user: string, ...numbers: readonly string[]): string {
  return new URLSearchParams([
    ['user', user],
    ...numbers.map((number) => ['order_number', number] as [string, string]),
  ]).toString();
}
