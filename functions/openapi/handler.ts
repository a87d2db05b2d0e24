import { hash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import document from '../../docs/openapi.json' with { type: 'json' };
import { pageHeaders } from '../shared/pages/strict-headers.ts';
import { docsPage } from './docs/page.ts';
import { DOCS_STYLE_SHA256 } from './docs/style.ts';

interface Answer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * `GET /api/openapi.json` answers the API's own description, `GET /api/docs` the same as a page: to
 * anybody, and the same to all.
 */
export async function handler({
  routeKey,
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { body, headers: own } = routeKey === 'GET /api/docs' ? page() : DOCUMENT;
  const kept = {
    etag: `"${hash('sha256', body).slice(0, 32)}"`,
    'cache-control': 'public, max-age=300',
  };
  if (isKnown(headers['if-none-match'], kept.etag)) return { statusCode: 304, headers: kept };
  return { statusCode: 200, headers: { ...own, ...kept }, body };
}

const DOCUMENT: Answer = {
  body: JSON.stringify(document),
  headers: { 'content-type': 'application/json' },
};

let made: Answer | undefined;

/** Made when it is first asked for. */
function page(): Answer {
  made ??= {
    body: docsPage(document),
    headers: { 'content-type': 'text/html; charset=UTF-8', ...pageHeaders(DOCS_STYLE_SHA256) },
  };
  return made;
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match */
function isKnown(ifNoneMatch = '', etag: string): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.some((tag) => tag === '*' || tag === etag);
}
