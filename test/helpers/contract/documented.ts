import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { expect } from 'vitest';
import { isRouteKey } from '../../../functions/routes.ts';
import { contractFaults, type SeenAnswer } from './faults.ts';

/** Of a service: holds its answers to the API's document. */
export class ContractCheck {
  readonly #faults = new Set<string>();

  readonly onAnswer = (answer: SeenAnswer): void => {
    for (const fault of contractFaults(answer)) this.#faults.add(fault);
  };

  /** @throws when there was an answer that is not documented */
  assertDocumented(): void {
    const faults = [...this.#faults];
    if (faults.length > 0) {
      throw new Error(`Answers that docs/openapi.json does not have:\n${faults.join('\n')}`);
    }
  }
}

/**
 * A function's answer, once it is held to what the API's document has of its route; the gateway
 * adds the request's id.
 */
export function documented<T extends APIGatewayProxyStructuredResultV2>(
  { routeKey }: Pick<APIGatewayProxyEventV2, 'routeKey'>,
  answer: T,
): T {
  if (!isRouteKey(routeKey)) return answer;
  const [method = '', path = ''] = routeKey.split(' ');
  const { statusCode = 200, headers = {}, body = '', isBase64Encoded } = answer;
  const faults = contractFaults({
    method,
    path,
    status: statusCode,
    headers: { ...headers, 'apigw-requestid': 'id' },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  });
  expect(faults).toEqual([]);
  return answer;
}

/** Asks a service that runs in another process, and holds its answer to the API's document. */
export async function askDocumented(
  url: string,
  { method = 'GET', ...init }: RequestInit = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, { method, ...init });
  const { status } = response;
  const { 'content-encoding': _, ...headers } = Object.fromEntries(response.headers);
  const text = await response.text();
  const { pathname: path } = new URL(url);
  expect(contractFaults({ method, path, status, headers, body: Buffer.from(text) })).toEqual([]);
  return { status, text };
}
