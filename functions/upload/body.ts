import { gunzipSync } from 'node:zlib';
import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { keepNumberText, markNumbers } from '../shared/json-number.ts';
import { Problem } from '../shared/problem.ts';

/** How large a body may be once it is decompressed. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Middleware that makes `event.body` the parsed JSON, its numbers for `numberText`. Bodies are UTF-8,
 * may begin with a byte order mark and may be gzip compressed.
 */
export function jsonBody(): MiddlewareObj {
  const parser = httpJsonBodyParser() as MiddlewareObj;
  const exactParser = httpJsonBodyParser({ reviver: keepNumberText }) as MiddlewareObj;
  return {
    before: async (request) => {
      const event = request.event as APIGatewayProxyEventV2;
      requireJson(event.headers['content-type']);
      const bytes = decompressed(rawBytes(event), event.headers['content-encoding']);
      if (bytes.length === 0) throw badBody('empty_body', 'The body is empty.');
      event.headers['content-type'] = 'application/json'; // the parser takes no other spelling
      const json = decoded(bytes);
      event.isBase64Encoded = false;
      try {
        event.body = markNumbers(json);
        await parser.before?.(request);
        return;
      } catch {
        event.body = json; // no JSON, or numbers that could not be marked
      }
      try {
        await exactParser.before?.(request);
      } catch (error) {
        const reason = (error as { cause?: { message?: string } }).cause?.message;
        throw badBody('invalid_json', `The body is no JSON: ${reason ?? 'it cannot be parsed'}.`);
      }
    },
  };
}

function requireJson(contentType = ''): void {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  const isJson = /^application\/(.+\+)?json$/.test(type.trim());
  if (isJson && (!charset || /^charset="?(utf-?8|us-ascii)"?$/.test(charset))) return;
  throw new Problem(415, { detail: 'Send the orders as application/json in UTF-8.' });
}

function rawBytes(event: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function decompressed(bytes: Buffer, contentEncoding = 'identity'): Buffer {
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Problem(415, {
      detail: 'Send the body as it is or with Content-Encoding: gzip.',
      headers: { 'accept-encoding': 'gzip' },
    });
  }
  try {
    const plain =
      encoding === 'gzip' ? gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES }) : bytes;
    if (plain.length <= MAX_BODY_BYTES) return plain;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw badBody('invalid_gzip', 'The body is no gzip data.');
    }
  }
  throw new Problem(413, {
    detail: `A body may have ${MAX_BODY_BYTES} bytes (16 MiB) when it is decompressed. Send the orders in several uploads.`,
  });
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // a byte order mark is dropped
  } catch {
    throw badBody('invalid_utf8', 'The body is not UTF-8.');
  }
}

function badBody(code: string, detail: string): Problem {
  return new Problem(400, {
    detail: `${detail} Nothing was stored.`,
    errors: [{ pointer: '', code, detail }],
    errorsCount: 1,
  });
}
