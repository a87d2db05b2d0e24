import { hash } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { markNumbers } from '../shared/json-number.ts';
import { Problem } from '../shared/problem.ts';
import { REPLACEMENT } from '../shared/replacement.ts';
import { badBody } from './bad-body.ts';
import { BINARY_TYPE, decompressed, isGzip, saysGzip } from './compression.ts';
import { excess, MAX_CONTAINERS, MAX_FIELD_SETS, MAX_FIELDS, MAX_VALUES } from './json-size.ts';
import { isWide, mayBeDamaged, refuseDamagedText } from './utf8.ts';

/** How large a body may be once it is decompressed. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Middleware that makes `event.body` the parsed JSON, its numbers for `numberText`.
 * Bodies are UTF-8, may begin with a byte order mark and may be gzip compressed.
 */
export function jsonBody(): MiddlewareObj<APIGatewayProxyEventV2> {
  const parser = httpJsonBodyParser<APIGatewayProxyEventV2>();
  return {
    before: async (request) => {
      const { event } = request;
      const sent = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      const isSaidGzip = saysGzip(event.headers['content-encoding']);
      requireJson(event.headers['content-type'], isSaidGzip || isGzip(sent));
      const json = decompressed(sent, MAX_BODY_BYTES);
      if (json.length === 0) throw badBody('empty_body', 'The body is empty.');
      refuseExcess(json);
      Object.assign(event, { bodySha256: hash('sha256', json, 'base64') });
      event.headers['content-type'] = 'application/json'; // the parser takes no other spelling
      event.isBase64Encoded = false;
      const text = markNumbers(json);
      event.body = text;
      try {
        await parser.before?.(request);
      } catch {
        if (isSaidGzip && !isGzip(sent)) {
          throw badBody('invalid_gzip', 'The body is neither gzip data nor JSON.');
        }
        if (text.includes(REPLACEMENT) || isWide(json)) {
          throw badBody('invalid_utf8', 'The body is not UTF-8: send UTF-8.');
        }
        throw badBody('invalid_json', `The body is no JSON: ${breakIn(json)}.`);
      }
      if (mayBeDamaged(text)) refuseDamagedText(event.body, text);
    },
  };
}

/** @param isCompressed whether it may come as bytes of any kind, because it is compressed JSON */
function requireJson(contentType = '', isCompressed: boolean): void {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  const isJson = /^application\/(.+\+)?json$/.test(type.trim());
  if (isJson && (!charset || /^charset="?(utf-?8|us-ascii)"?$/.test(charset))) return;
  if (isCompressed && type.trim() === BINARY_TYPE) return;
  throw new Problem(415, {
    detail: `Send the orders as application/json in UTF-8, or compressed with gzip as ${BINARY_TYPE}.`,
  });
}

function refuseExcess(json: Uint8Array): void {
  switch (excess(json)) {
    case 'values':
      throw badBody('too_many_values', `The body has more than ${MAX_VALUES} values.`);
    case 'containers':
      throw badBody(
        'too_many_values',
        `The body has more than ${MAX_CONTAINERS} arrays and objects.`,
      );
    case 'fields':
      throw badBody('too_many_values', `The body has an object of more than ${MAX_FIELDS} fields.`);
    case 'fieldSets':
      throw badBody(
        'too_many_values',
        `The body's objects have more than ${MAX_FIELD_SETS} different sets of fields.`,
      );
  }
}

/** Where it breaks, in the JSON as it was sent. */
function breakIn(json: Uint8Array): string {
  try {
    JSON.parse(new TextDecoder('utf-8').decode(json));
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
  }
  return 'it cannot be parsed';
}
