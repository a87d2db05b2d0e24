import { describe, expect, it } from 'vitest';
import { breakingChanges, type WrittenDocument } from '../../../cli/openapi/breaking-changes.ts';
import type { JsonSchema } from '../../../functions/shared/contract/json-schema.ts';

const STATUS = { type: 'string', enum: ['paid', 'sent'] } as const;
const ANSWER: JsonSchema = {
  type: 'object',
  properties: { status: STATUS, total: { type: 'number' }, next: { type: 'string' } },
  required: ['status', 'total'],
};
const BODY: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 50 }, price: { anyOf: [{ type: 'number' }] } },
  required: ['name'],
};

interface Parts {
  readonly method?: string;
  readonly scopes?: readonly string[];
  readonly parameters?: readonly object[];
  readonly body?: JsonSchema;
  readonly answer?: JsonSchema;
  readonly responses?: object;
}

/** A document of one route, in which its answer is a reference. */
function documentOf(parts: Parts = {}): WrittenDocument {
  const { method = 'post', scopes = ['read'], body = BODY, answer = ANSWER } = parts;
  const { parameters = [{ name: 'user', in: 'query', schema: { type: 'string' } }] } = parts;
  const responses = {
    200: {
      headers: { ETag: {} },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
    },
    404: {},
    ...parts.responses,
  };
  return JSON.parse(
    JSON.stringify({
      paths: {
        '/a': {
          [method]: {
            security: [{ sellerKey: scopes }],
            parameters,
            requestBody: { content: { 'application/json': { schema: body } } },
            responses,
          },
        },
      },
      components: { schemas: { Answer: answer } },
    }),
  );
}

const changes = (parts: Parts) => breakingChanges(documentOf(), documentOf(parts));
const field = (schema: JsonSchema, properties: Readonly<Record<string, JsonSchema>>) => ({
  ...schema,
  properties: { ...schema.properties, ...properties },
});
const user = (more: object) => [{ name: 'user', in: 'query', schema: { type: 'string' }, ...more }];

describe('breakingChanges', () => {
  it('names nothing in the same document, nor what is only added', () => {
    expect(changes({})).toEqual([]);
    expect(
      changes({
        parameters: [...user({}), { name: 'more', in: 'query', schema: { type: 'string' } }],
        body: { ...field(BODY, { more: { type: 'string' } }), required: [] },
        answer: field(ANSWER, { more: { type: 'string' }, total: { type: 'integer' } }),
        responses: { 409: {} },
      }),
    ).toEqual([]);
  });

  it.each<[string, Parts]>([
    ['POST /a is gone', { method: 'get' }],
    ['POST /a: the scope write is now needed', { scopes: ['read', 'write'] }],
    ['POST /a: the parameter user is gone', { parameters: [] }],
    ['POST /a: the parameter user is now needed', { parameters: user({ required: true }) }],
    [
      'POST /a: the parameter user no longer takes string',
      { parameters: user({ schema: { type: 'integer' } }) },
    ],
    [
      'POST /a: the parameter id is now needed',
      {
        parameters: [
          ...user({}),
          { name: 'id', in: 'query', required: true, schema: { type: 'string' } },
        ],
      },
    ],
    [
      'POST /a: the body: /name has a lesser maxLength',
      { body: field(BODY, { name: { type: 'string', maxLength: 49 } }) },
    ],
    [
      'POST /a: the body: /price no longer takes number',
      { body: field(BODY, { price: { anyOf: [{ type: 'string' }] } }) },
    ],
    ['POST /a: the body: /price is now needed', { body: { ...BODY, required: ['name', 'price'] } }],
    [
      'POST /a 200: /status is no longer sent',
      { answer: field(ANSWER, { status: { type: 'string', enum: ['paid'] } }) },
    ],
    [
      'POST /a 200: /total may now be null',
      { answer: field(ANSWER, { total: { type: ['number', 'null'] } }) },
    ],
    ['POST /a 200: /total may be missing', { answer: { ...ANSWER, required: ['status'] } }],
    [
      'POST /a 200: /next is gone',
      { answer: { ...ANSWER, properties: { status: STATUS, total: { type: 'number' } } } },
    ],
    ['POST /a 404: is gone', { responses: { 404: undefined } }],
    [
      'POST /a 200: the header ETag is gone',
      { responses: { 200: { content: { 'application/json': { schema: ANSWER } } } } },
    ],
    ['POST /a 200: application/json is gone', { responses: { 200: { headers: { ETag: {} } } } }],
  ])('names it: %s', (change, parts) => {
    expect(changes(parts)).toEqual([change]);
  });
});
