import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../fixtures/upload-body.ts';
import { numberText } from '../../../functions/shared/json-number.ts';
import type { Problem } from '../../../functions/shared/problem.ts';
import { MAX_BODY_BYTES } from '../../../functions/upload/body.ts';
import {
  MAX_CONTAINERS,
  MAX_FIELD_SETS,
  MAX_FIELDS,
  MAX_VALUES,
} from '../../../functions/upload/json-size.ts';

const GZIP = { 'content-encoding': 'gzip' };
const BINARY = { 'content-type': 'application/octet-stream' };

async function problemOf(parsing: Promise<unknown>): Promise<Problem> {
  return parsing.then(
    () => expect.fail('The body was accepted.'),
    (error) => error,
  );
}

describe('jsonBody', () => {
  it('hands over the parsed JSON, numbers as they were written', async () => {
    const body = (await parseBody('{"a":"Чай","n":2500.00}')) as { a: unknown; n: unknown };
    expect(body.a).toBe('Чай');
    expect(numberText(body.n)).toBe('2500.00');
  });

  it.each([': 5', '\0'])('does so also beside the text %j', async (text) => {
    const json = `{"a":${JSON.stringify(text)},"n":2500.00}`;
    expect(numberText(((await parseBody(json)) as { n: unknown }).n)).toBe('2500.00');
  });

  it('takes a body in base64, with a byte order mark, and compressed', async () => {
    const json = '\ufeff{"a":"Чай"}';
    expect(await parseBody(json)).toEqual({ a: 'Чай' });
    expect(await parseBody(Buffer.from(json))).toEqual({ a: 'Чай' });
    expect(await parseBody(gzipSync(json), GZIP)).toEqual({ a: 'Чай' });
  });

  it.each([
    'gzip',
    'GZIP',
    'x-gzip',
    'identity, gzip',
    '',
    'identity',
    undefined,
  ])('knows gzip by its first bytes when the header says %j', async (encoding) => {
    const headers: Record<string, string> =
      encoding === undefined ? {} : { 'content-encoding': encoding };
    expect(await parseBody(gzipSync('{"a":"Чай"}'), headers)).toEqual({ a: 'Чай' });
  });

  it.each([BINARY, { ...BINARY, ...GZIP }])('takes gzip as %j', async (headers) => {
    expect(await parseBody(gzipSync('{"a":"Чай"}'), headers)).toEqual({ a: 'Чай' });
  });

  it('takes a body that was decompressed on its way, the header left on', async () => {
    expect(await parseBody('{"a":"Чай"}', GZIP)).toEqual({ a: 'Чай' });
    expect(await parseBody(Buffer.from('{"a":"Чай"}'), { ...BINARY, ...GZIP })).toEqual({
      a: 'Чай',
    });
  });

  it.each([
    'utf8',
    'latin1',
  ] as const)('says how to send gzip that was taken for text (%s) on its way', async (encoding) => {
    const text = gzipSync('{"a":"Чай"}').toString(encoding);
    for (const headers of [GZIP, {}]) {
      const problem = await problemOf(parseBody(text, headers));
      expect(problem.status).toBe(400);
      expect(problem.options.errors).toMatchObject([{ pointer: '', code: 'invalid_gzip' }]);
      expect(problem.message).toContain('Content-Type: application/octet-stream');
    }
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/vnd.api+json',
  ])('takes the content type %s', async (contentType) => {
    expect(await parseBody('{}', { 'content-type': contentType })).toEqual({});
  });

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'application/json; charset=utf-16',
  ])('answers 415 to the content type %j', async (contentType) => {
    expect((await problemOf(parseBody('{}', { 'content-type': contentType }))).status).toBe(415);
  });

  it.each([
    'br',
    'deflate',
    'gzip, gzip',
  ])('answers 415 to the compression %s and names the one it takes', async (encoding) => {
    const problem = await problemOf(parseBody(Buffer.from('{}'), { 'content-encoding': encoding }));
    expect(problem.status).toBe(415);
    expect(problem.options.headers).toEqual({ 'accept-encoding': 'gzip' });
  });

  it.each([
    ['empty_body', undefined, {}],
    ['empty_body', '', {}],
    ['invalid_json', '{"a":', {}],
    ['invalid_json', '['.repeat(100_000), {}],
    ['invalid_utf8', Buffer.from([0x22, 0xff, 0x22]), {}],
    ['invalid_utf8', Buffer.from('\ufeff{}', 'utf16le'), {}],
    ['invalid_utf8', Buffer.from('{"a":1}\xe9', 'latin1'), {}],
    ['invalid_utf8', Buffer.from('{"a":"Чай"}', 'utf16le'), {}],
    ['invalid_utf8', Buffer.from('{"a":"Чай"}', 'utf16le').swap16(), {}],
    ['invalid_utf8', '{\0"\0a\0', {}],
    ['invalid_utf8', gzipSync(Buffer.from('[1]', 'utf16le')), GZIP],
    ['invalid_json', '{"a":"\0"}', {}],
    ['invalid_gzip', Buffer.from('{"a":'), GZIP],
    ['invalid_gzip', deflateSync('{}'), GZIP],
    ['invalid_gzip', gzipSync('{"a":"some text"}').subarray(0, 20), GZIP],
    ['invalid_gzip', gzipSync(gzipSync('{}')), GZIP],
  ])('answers 400 %s', async (code, body, headers) => {
    const problem = await problemOf(parseBody(body, headers));
    expect(problem.status).toBe(400);
    expect(problem.options.errors?.map((error) => error.code)).toEqual([code]);
  });

  it('inflates no more than a body may have: what comes after is never looked at', async () => {
    const bomb = gzipSync(Buffer.alloc(2 * MAX_BODY_BYTES));
    bomb[bomb.length - 8]! ^= 0xff; // the checksum: who inflates all of it finds no gzip data
    expect((await problemOf(parseBody(bomb, GZIP))).status).toBe(413);
  });

  it('is not harmed by deep nesting, whatever is in it', async () => {
    const depth = 100_000;
    const nested = (core: string) => '['.repeat(depth) + core + ']'.repeat(depth);
    expect(await parseBody(nested(''))).toHaveLength(1);
    expect(await parseBody(nested('"\\u0000"'))).toHaveLength(1);
    expect((await problemOf(parseBody(nested('"\\ufffd"')))).options.errors).toMatchObject([
      { code: 'invalid_utf8', pointer: '/0'.repeat(150) },
    ]);
  });

  it.each([
    ['values', (count: number) => `[${'0,'.repeat(count)}0]`, MAX_VALUES],
    ['arrays', (count: number) => `[${'[  ],'.repeat(count)}0]`, MAX_CONTAINERS],
    ['objects', (count: number) => `[${'{  },'.repeat(count)}0]`, MAX_CONTAINERS],
    ['open brackets', (count: number) => '[    '.repeat(count), MAX_CONTAINERS],
    [
      'fields of one object',
      (count: number) =>
        `[${`{${Array.from({ length: count }, (_, i) => `"name of a field ${i}":0,`).join('')}"a":0},`.repeat(10)}0]`,
      MAX_FIELDS,
    ],
    [
      'objects with other fields',
      (count: number) =>
        `[${Array.from({ length: count }, (_, i) => `{"name of a field ${i}":0},`).join('')}0]`,
      MAX_FIELD_SETS,
    ],
  ])('refuses too many %s before they are parsed', async (_what, json, limit) => {
    const body = gzipSync(json(limit * 1.05)); // the table tells nearly all sets of fields apart
    const problem = await problemOf(parseBody(body, GZIP));
    expect(problem.status).toBe(400);
    expect(problem.options.errors).toMatchObject([{ code: 'too_many_values' }]);
    expect(problem.message).toContain(String(limit));
  });

  it('takes 16 MiB of the shortest items, and brackets and commas in texts', async () => {
    const item = '{"sku":"a","name":"b","quantity":1,"price":1}';
    const items = `[${`${item},`.repeat(MAX_BODY_BYTES / (item.length + 1) - 1)}${item}]`;
    expect((await parseBody(gzipSync(items), GZIP)) as unknown[]).toHaveLength(364_722);
    const text = '[{,":'.repeat(800_000);
    expect(await parseBody(gzipSync(JSON.stringify([text])), GZIP)).toEqual([text]);
  });

  it('takes a compressed body up to the limit and stops a bomb at it, naming it', async () => {
    const json = (sizeBytes: number) => gzipSync(`"${'a'.repeat(sizeBytes - 2)}"`);
    expect(await parseBody(json(MAX_BODY_BYTES), GZIP)).toHaveLength(MAX_BODY_BYTES - 2);
    const problem = await problemOf(parseBody(json(MAX_BODY_BYTES + 1), GZIP));
    expect(problem.status).toBe(413);
    expect(problem.message).toContain(String(MAX_BODY_BYTES));
  });
});
