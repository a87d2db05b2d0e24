import { gzipSync } from 'node:zlib';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { numberText } from '../../../functions/shared/json-number.ts';
import type { Problem } from '../../../functions/shared/problem.ts';
import { jsonBody, MAX_BODY_BYTES } from '../../../functions/upload/body.ts';

const bodyOf = middy(async (event: { body: unknown }) => event.body).use(jsonBody());

function parse(body: string | Buffer | undefined, headers: Record<string, string> = {}) {
  const isBase64Encoded = Buffer.isBuffer(body);
  const event = {
    headers: { 'content-type': 'application/json', ...headers },
    body: isBase64Encoded ? body.toString('base64') : body,
    isBase64Encoded,
  };
  return bodyOf(event as { body: unknown }, {} as Context);
}

const GZIP = { 'content-encoding': 'gzip' };

async function problemOf(parsing: Promise<unknown>): Promise<Problem> {
  return parsing.then(
    () => expect.fail('The body was accepted.'),
    (error) => error,
  );
}

describe('jsonBody', () => {
  it('hands over the parsed JSON, numbers as they were written', async () => {
    const body = (await parse('{"a":"Чай","n":2500.00}')) as { a: unknown; n: unknown };
    expect(body.a).toBe('Чай');
    expect(numberText(body.n)).toBe('2500.00');
  });

  it.each([': 5', '\0'])('does so also beside the text %j', async (text) => {
    const json = `{"a":${JSON.stringify(text)},"n":2500.00}`;
    expect(numberText(((await parse(json)) as { n: unknown }).n)).toBe('2500.00');
  });

  it('takes a body in base64, with a byte order mark, and compressed', async () => {
    const json = '\ufeff{"a":"Чай"}';
    expect(await parse(json)).toEqual({ a: 'Чай' });
    expect(await parse(Buffer.from(json))).toEqual({ a: 'Чай' });
    expect(await parse(gzipSync(json), GZIP)).toEqual({ a: 'Чай' });
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/vnd.api+json',
  ])('takes the content type %s', async (contentType) => {
    expect(await parse('{}', { 'content-type': contentType })).toEqual({});
  });

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
  ])('answers 415 to the content type %j', async (contentType) => {
    expect((await problemOf(parse('{}', { 'content-type': contentType }))).status).toBe(415);
  });

  it('answers 415 to another compression and names the one it takes', async () => {
    const problem = await problemOf(parse(Buffer.from('{}'), { 'content-encoding': 'br' }));
    expect(problem.status).toBe(415);
    expect(problem.options.headers).toEqual({ 'accept-encoding': 'gzip' });
  });

  it.each([
    ['empty_body', undefined, {}],
    ['empty_body', '', {}],
    ['invalid_json', '{"a":', {}],
    ['invalid_json', '['.repeat(100_000), {}],
    ['invalid_utf8', Buffer.from([0x22, 0xff, 0x22]), {}],
    ['invalid_gzip', Buffer.from('{}'), GZIP],
    ['invalid_gzip', gzipSync('{"a":"some text"}').subarray(0, 20), GZIP],
  ])('answers 400 %s', async (code, body, headers) => {
    const problem = await problemOf(parse(body, headers));
    expect(problem.status).toBe(400);
    expect(problem.options.errors?.map((error) => error.code)).toEqual([code]);
  });

  it('is not harmed by deep nesting', async () => {
    const depth = 100_000;
    const nested = (core: string) => '['.repeat(depth) + core + ']'.repeat(depth);
    expect(await parse(nested(''))).toHaveLength(1);
    expect((await problemOf(parse(nested('"\\u0000"')))).status).toBe(400);
  });

  it('takes a compressed body up to the limit and stops a bomb at it, naming it', async () => {
    const json = (sizeBytes: number) => gzipSync(`"${'a'.repeat(sizeBytes - 2)}"`);
    expect(await parse(json(MAX_BODY_BYTES), GZIP)).toHaveLength(MAX_BODY_BYTES - 2);
    const problem = await problemOf(parse(json(MAX_BODY_BYTES + 1), GZIP));
    expect(problem.status).toBe(413);
    expect(problem.message).toContain(String(MAX_BODY_BYTES));
  });
});
