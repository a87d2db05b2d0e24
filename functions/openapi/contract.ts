import type { RouteContract } from '../shared/contract/route-contract.ts';

export const OPENAPI_CONTRACT = {
  'GET /api/openapi.json': {
    id: 'getOpenApi',
    summary: 'This document',
    section: 'GET /api/openapi.json',
    parameters: [
      {
        name: 'If-None-Match',
        in: 'header',
        description: 'The ETag of the document that is there already: 304 where it is the same.',
        schema: { type: 'string' },
      },
    ],
    answer: { type: 'object', description: 'An OpenAPI 3.1 document.' },
    headers: { ETag: 'Changes with the document.', 'Cache-Control': 'How long it may be kept.' },
    isRevalidated: true,
    problems: {},
  },
} as const satisfies Readonly<Record<string, RouteContract>>;
