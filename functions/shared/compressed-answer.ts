import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from './problem.ts';

/** Of Lambda's 6 MB for a result, in which the body is a JSON string; the rest is for headers. */
const MAX_RESULT_BYTES = 5_800_000;

/** What is looked at more closely: a character may take six bytes of JSON, as `\u0001`. */
const SURELY_SMALL = MAX_RESULT_BYTES / 6;

/**
 * Middleware that compresses an answer which Lambda would else refuse. The API's other answers are
 * not: they are small, and a function's time costs more than the bytes.
 */
export function compressLargeAnswer(): MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> {
  return {
    after: async (request) => {
      const { event, response } = request;
      const { body = '', headers = {} } = response ?? {};
      if (body.length <= SURELY_SMALL || jsonBytes(body) <= MAX_RESULT_BYTES) return;
      if (!takesGzip(event.headers['accept-encoding'])) throw onlyCompressed();
      const compressed = await gzipped(body);
      if (compressed.length > MAX_RESULT_BYTES) throw answerTooLarge();
      request.response = {
        ...response,
        headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
        body: compressed,
        isBase64Encoded: true,
      };
    },
  };
}

/** What else an answer has that holds one large text. */
const REST_BYTES = 5_000;

/** Whether there can be an answer that holds a text, compressed if need be. */
export async function fitsAnswer(text: string): Promise<boolean> {
  const mostBytes = MAX_RESULT_BYTES - REST_BYTES;
  return text.length <= SURELY_SMALL || (await gzipped(text)).length <= mostBytes;
}

const gzipped = async (text: string) => (await promisify(gzip)(text)).toString('base64');

/** What is asked for is more than one answer can hold. */
export function answerTooLarge(): Problem {
  const detail = 'These orders are more than one answer can hold: ask for fewer at once.';
  return new Problem(400, {
    detail,
    errors: [{ code: 'answer_too_large', detail }],
    errorsCount: 1,
  });
}

const onlyCompressed = () =>
  new Problem(406, {
    detail: 'This answer is too large to be sent uncompressed: send Accept-Encoding: gzip.',
  });

/** @see https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding */
function takesGzip(acceptEncoding = ''): boolean {
  return acceptEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.replace(/\s/g, '').split(';q='))
    .some(([name = '', weight = '1']) => ['gzip', 'x-gzip'].includes(name) && Number(weight) > 0);
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
