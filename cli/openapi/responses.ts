import { STATUS_CODES } from 'node:http';
import { type JsonSchema, objectOf, oneOf } from '../../functions/shared/contract/json-schema.ts';
import type { RouteContract } from '../../functions/shared/contract/route-contract.ts';
import type { ProblemEntry, ProblemStatus } from '../../functions/shared/problem.ts';
import { PROBLEM_CODES, type ProblemCode } from '../../functions/shared/problem-codes.ts';
import { problemType } from '../../functions/shared/problem-type.ts';

/** A response object of OpenAPI. */
export interface Response {
  readonly description: string;
  readonly headers: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

interface Header {
  readonly description: string;
  readonly required?: true;
  readonly schema: JsonSchema;
}

interface MediaType {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

const TEXT = { type: 'string' } as const;

/** Of every answer. */
const REQUEST_ID: Readonly<Record<string, Header>> = {
  'apigw-requestid': {
    description: "The request's id; the request_id of a problem.",
    required: true,
    schema: TEXT,
  },
};

/** What API Gateway answers by itself, on any route. */
const GATEWAYS: Readonly<Record<number, string>> = {
  400: 'The address cannot be decoded.',
  413: 'The body, or what API Gateway makes of it, is larger than AWS takes.',
  429: 'Too many requests at once, of all sellers together: send the same request again, at first after up to half a second by chance, then later each time. There is no Retry-After.',
  431: 'The request line and the headers have more than 10,240 bytes.',
  500: 'A failure on our side, or the key cannot be checked: send the same request again.',
  503: 'The function does not answer in time, or too many run at once: send the same request again.',
};

/** Why API Gateway answers 401 by itself, where a key is needed. */
const NO_KEY = 'No Authorization header, or an empty one.';

/** What is said of every problem of a status. */
const PROBLEMS: Readonly<Record<ProblemStatus, string>> = {
  400: 'What was sent does not fit the rules; errors names what.',
  401: 'No key, one that is not of this service, or an expired or revoked one.',
  403: "The key lacks the scope, or is another seller's than user.",
  404: 'There is no such thing.',
  406: 'The answer is more than 5.8 MB: send Accept-Encoding: gzip.',
  409: 'It goes against what is stored; nothing was done.',
  413: 'The body is larger than a limit, which detail names: send several uploads.',
  415: 'Another content type, charset or compression than those of the request body.',
  422: 'The Idempotency-Key came with another request before; nothing was done.',
  500: 'A failure on our side: send the same request again, and tell us the request_id.',
  503: 'The database is busy or waking up: send the same request again after Retry-After.',
};

/** Headers that problems of a status have. */
export const PROBLEM_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Bearer …, error="invalid_token"; not with API Gateway\'s own 401.' },
  415: { 'Accept-Encoding': 'gzip, where another compression was sent.' },
  503: { 'Retry-After': "In seconds; not with API Gateway's own 503." },
};

/** The schemas that responses refer to. */
export const RESPONSE_SCHEMAS = {
  ProblemCode: { ...oneOf(PROBLEM_CODES), description: 'For programs; more may be added.' },
  ProblemEntry: objectOf<ProblemEntry>(
    {
      pointer: {
        ...TEXT,
        description: 'A JSON pointer (RFC 6901) into the body, or ?name for a query parameter.',
      },
      code: { $ref: '#/components/schemas/ProblemCode' },
      detail: TEXT,
      order_number: { ...TEXT, description: 'Where it is known.' },
      value: {
        ...TEXT,
        description:
          'What was refused, its first 100 characters: a string as its text, else its JSON.',
      },
    },
    ['pointer', 'order_number', 'value'],
  ),
  Problem: {
    ...objectOf(
      {
        type: {
          ...TEXT,
          format: 'uri-reference',
          description:
            "The section of the API's page on it: by its code where all errors have the same, else by its status.",
        },
        title: TEXT,
        status: { type: 'integer' },
        detail: TEXT,
        request_id: TEXT,
        errors: {
          type: 'array',
          maxItems: 100,
          items: { $ref: '#/components/schemas/ProblemEntry' },
          description: 'The first few of every kind, then the first of all.',
        },
        errors_count: { type: 'integer', minimum: 1, description: 'How many errors there are.' },
      },
      ['errors', 'errors_count'],
    ),
    description: 'Problem details (RFC 9457).',
  },
  GatewayMessage: {
    ...objectOf({ message: TEXT }),
    description: "API Gateway's own answer, which a service cannot word.",
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** Responses that several routes have. */
export const SHARED_RESPONSES = {
  Unauthorized: failure('401', [], NO_KEY),
  Forbidden: failure('403', [], undefined),
  NotFound: failure('404', [], undefined),
  NotAcceptable: failure('406', [], undefined),
  ContentTooLarge: failure('413', undefined, GATEWAYS[413]),
  TooManyRequests: failure('429', undefined, GATEWAYS[429]),
  HeadersTooLarge: failure('431', undefined, GATEWAYS[431]),
  Failure: failure('500', [], GATEWAYS[500]),
  Busy: failure('503', [], GATEWAYS[503]),
} as const satisfies Readonly<Record<string, Response>>;

/**
 * All responses of a route, by status.
 *
 * @param isOpen whether it asks for no key
 * @param examples of its 200
 */
export function responsesOf(
  contract: RouteContract,
  isOpen: boolean,
  examples: readonly unknown[],
): Record<string, Response> {
  const always: RouteContract['problems'] = isOpen ? {} : { 401: [], 403: [], 500: [], 503: [] };
  const problems = new Map(
    Object.entries<readonly ProblemCode[] | undefined>({ ...always, ...contract.problems }),
  );
  const gateways = new Map(Object.entries(GATEWAYS));
  if (!isOpen) gateways.set('401', NO_KEY);
  const statuses = new Set([...problems.keys(), ...gateways.keys()]);
  return {
    200: success(contract, examples),
    ...(contract.isRevalidated && { 304: revalidated(contract) }),
    ...Object.fromEntries(
      [...statuses]
        .sort()
        .map((status) => [status, failure(status, problems.get(status), gateways.get(status))]),
    ),
  };
}

function success({ summary, headers, answer }: RouteContract, examples: readonly unknown[]) {
  return {
    description: `${summary}.`,
    headers: { ...REQUEST_ID, ...optional(headers) },
    content: { 'application/json': { schema: answer, ...named(examples) } },
  };
}

const revalidated = ({ headers }: RouteContract): Response => ({
  description: 'It is as it was.',
  headers: { ...REQUEST_ID, ...optional(headers) },
});

/** @param codes of problems, where there are any @param gateways when API Gateway says it */
function failure(
  status: string,
  codes: readonly ProblemCode[] | undefined,
  gateways: string | undefined,
): Response {
  const known = Object.entries(PROBLEMS).find(([one]) => one === status);
  const texts = [codes && known?.[1], gateways && `By API Gateway: ${gateways}`];
  return {
    description: texts.filter(Boolean).join('\n\n'),
    headers: { ...REQUEST_ID, ...(codes && optional(PROBLEM_HEADERS[Number(status)])) },
    content: {
      ...(codes && { 'application/problem+json': { schema: problemOf(Number(status), codes) } }),
      ...(gateways && {
        'application/json': { schema: { $ref: '#/components/schemas/GatewayMessage' } },
      }),
    },
  };
}

function problemOf(status: number, codes: readonly ProblemCode[]): JsonSchema {
  const types = [
    ...new Set([problemType(status), ...codes.map((code) => problemType(status, code))]),
  ];
  return {
    $ref: '#/components/schemas/Problem',
    properties: {
      type: oneOf(types),
      title: { const: STATUS_CODES[status] },
      status: { const: status },
      ...(codes.length > 0 && {
        errors: { items: { properties: { code: oneOf([...new Set(codes)]) } } },
      }),
    },
    ...(codes.length > 0 && { required: ['errors', 'errors_count'] }),
  };
}

function optional(headers: Readonly<Record<string, string>> = {}): Record<string, Header> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: TEXT }]),
  );
}

/** Examples as a media type has them; nothing where there are none. */
export function named(examples: readonly unknown[]): Pick<MediaType, 'examples'> {
  if (examples.length === 0) return {};
  return { examples: Object.fromEntries(examples.map((value, i) => [`${i + 1}`, { value }])) };
}
