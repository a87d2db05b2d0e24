import { isRouteKey, ROUTES, type Route, type RouteKey } from '../../functions/routes.ts';
import { AMOUNT, INSTANT, ITEM, ORDER } from '../../functions/shared/contract/fields.ts';
import type { RouteContract } from '../../functions/shared/contract/route-contract.ts';
import { MAX_BODY_BYTES } from '../../functions/upload/body.ts';
import { BINARY_TYPE } from '../../functions/upload/compression.ts';
import { UploadSchema } from '../../functions/upload/input.ts';
import { CONTRACTS } from './contracts.ts';
import { description } from './description.ts';
import { completed, firstParagraph, listExamples } from './examples.ts';
import { hoisted } from './hoist.ts';
import { parametersOf } from './parameters.ts';
import {
  named,
  RESPONSE_SCHEMAS,
  type Response,
  responsesOf,
  SHARED_RESPONSES,
} from './responses.ts';
import { schemaOfInput } from './valibot-schema.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly { readonly sellerKey: readonly string[] }[];
  readonly parameters?: ReturnType<typeof parametersOf>;
  readonly requestBody?: {
    readonly required: boolean;
    readonly description: string;
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
  readonly responses: Readonly<Record<string, Response>>;
}

/** Changes when what sellers' systems may rely on does: docs/released/openapi.json has the last. */
const VERSION = '1.0.0';

/** Whose texts and examples the document has. */
const API_MD = 'docs/api.md';

const COMPONENTS = {
  schemas: {
    Upload: schemaOfInput(UploadSchema),
    Order: ORDER,
    OrderItem: ITEM,
    Amount: AMOUNT,
    Instant: INSTANT,
    ...RESPONSE_SCHEMAS,
  },
  responses: SHARED_RESPONSES,
};

/**
 * The OpenAPI document of all that sellers' systems may ask for, made of the table of routes, what
 * the functions say of each of them, and the schemas by which they check what is sent.
 */
export function openApiText(): string {
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Order analytics',
      version: VERSION,
      description: description(API_MD),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document is served.' }],
    paths: hoisted(openApiPaths(), COMPONENTS),
    components: {
      ...Object.fromEntries(
        Object.entries(COMPONENTS).map(([kind, members]) => [
          kind,
          Object.fromEntries(
            Object.entries(members).map(([name, one]) => [name, hoisted(one, COMPONENTS)]),
          ),
        ]),
      ),
      securitySchemes: {
        sellerKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'oa_live_… or oa_test_…',
          description:
            "A seller's key, in the header and nowhere else. The scopes that a route needs are named with it; GET /api/whoami says which a key has.",
        },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** All operations, by path and method. */
export function openApiPaths(): Record<string, Record<string, Operation>> {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [routeKey, contract] of Object.entries(CONTRACTS)) {
    if (!isRouteKey(routeKey)) throw new Error(`There is no route ${routeKey}.`);
    const [method = '', path = ''] = routeKey.split(' ');
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: operation(contract, routeKey),
    };
  }
  return paths;
}

function operation(contract: RouteContract, routeKey: RouteKey): Operation {
  const route: Route = ROUTES[routeKey];
  const { id, summary, section, furtherExamples = [], completedBy, parameters } = contract;
  const shown = listExamples(API_MD).filter(({ language }) => language === 'json');
  const of = (heading: string): unknown[] =>
    shown.filter((one) => one.heading === heading).map(({ text }) => JSON.parse(text));
  const isUpload = route.folder === 'upload';
  const [request, ...rest] = isUpload ? of(section) : [undefined, ...of(section)];
  const answers = [...rest, ...furtherExamples.flatMap(of)];
  const others = of(completedBy ?? section);
  const examples = answers.map((one) => completed(one, others));
  return {
    operationId: id,
    summary,
    description: firstParagraph(API_MD, section),
    security: route.access === 'key' ? [{ sellerKey: route.scope ? [route.scope] : [] }] : [],
    ...(parameters.length > 0 && { parameters: parametersOf(contract, routeKey) }),
    ...(isUpload && { requestBody: uploadBody(request) }),
    responses: responsesOf(contract, route.access !== 'key', examples),
  };
}

function uploadBody(example: unknown) {
  const content = { schema: { $ref: '#/components/schemas/Upload' }, ...named([example]) };
  return {
    required: true,
    description: `JSON in UTF-8 of at most ${MAX_BODY_BYTES} bytes, and about 5 MB as it is sent; under a type of its own, application/…+json, or compressed with gzip, as ${BINARY_TYPE}, about 4.5 MB. Unknown fields are ignored.`,
    content: {
      'application/json': content,
      'application/*+json': { schema: content.schema },
      [BINARY_TYPE]: {
        schema: { description: 'The same JSON compressed with gzip.', contentEncoding: 'gzip' },
      },
    },
  };
}
