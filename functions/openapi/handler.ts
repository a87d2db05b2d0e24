import { hash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import document from '../../docs/openapi.json' with { type: 'json' };

const BODY = JSON.stringify(document);
const HEADERS = {
  etag: `"${hash('sha256', BODY).slice(0, 32)}"`,
  'cache-control': 'public, max-age=300',
};

/** `GET /api/openapi.json` answers the API's own description, to anybody. */
export async function handler({
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  if (isKnown(headers['if-none-match'])) return { statusCode: 304, headers: HEADERS };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', ...HEADERS },
    body: BODY,
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match */
function isKnown(ifNoneMatch = ''): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.some((tag) => tag === '*' || tag === HEADERS.etag);
}
