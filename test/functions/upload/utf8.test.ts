import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../fixtures/upload-body.ts';
import { Problem } from '../../../functions/shared/problem.ts';

/** The errors that a body is refused for. */
async function errorsOf(json: string) {
  const refusal: unknown = await parseBody(json).then(
    () => undefined,
    (error) => error,
  );
  if (refusal === undefined) return [];
  if (!(refusal instanceof Problem)) throw refusal;
  expect(refusal.status).toBe(400);
  return refusal.options.errors ?? [];
}

/** `pointer value` of every text that is refused. */
async function damagedIn(json: string): Promise<string[]> {
  const errors = await errorsOf(json);
  for (const { code, detail } of errors) {
    expect(code).toBe('invalid_utf8');
    expect(detail).toContain('send UTF-8');
  }
  return errors.map(({ pointer, value }) => `${pointer} ${value}`);
}

describe('refuseDamagedText', () => {
  it.each([
    ['a whole body', '"\ufffd"', [' \ufffd']],
    ['a field', '{"user":"\ufffd\ufffd-1"}', ['/user \ufffd\ufffd-1']],
    ['an escape', '{"user":"\\ufFfD"}', ['/user \ufffd']],
    ['a field that nobody asked for', '{"note":{"a":[0,"\ufffd"]}}', ['/note/a/1 \ufffd']],
    ['a name', '{"us\ufffdr":1}', ['/us\ufffdr us\ufffdr']],
    ['a name and its text', '{"\ufffd":"x\ufffd"}', ['/\ufffd \ufffd', '/\ufffd x\ufffd']],
    ['a name with signs of a pointer', '{"a/b~":"\ufffd"}', ['/a~1b~0 \ufffd']],
    ['what is within a long name', `{"a":{"${'x'.repeat(400)}":["\ufffd"]}}`, ['/a \ufffd']],
    ['two', '{"a":"\ufffd","b":{"c":"\ufffd"}}', ['/a \ufffd', '/b/c \ufffd']],
  ])('names %s', async (_what, json, expected) => {
    expect(await damagedIn(json)).toEqual(expected);
  });

  it.each([
    '{"a":"\ufffd","a":"b"}',
    '{"a":"\\uFffd","a":"b"}',
    '{"a":"\\\\\\ufffd","a":"b"}',
    '{"orders":[{"a\ufffd":1}],"orders":[]}',
  ])('refuses the whole body for a field that comes again: %s', async (json) => {
    expect(await damagedIn(json)).toEqual([' undefined']);
  });

  it.each([
    '{"user":"\\\\ufffd"}',
    '{"user":"\\\\\\\\ufffd"}',
    '{"\\uf00d":1}',
    'null',
    '5',
    '{"a":1}',
  ])('takes %s', async (json) => {
    expect(await damagedIn(json)).toEqual([]);
  });

  it('names the order where its number is whole', async () => {
    const orders = [
      { order_number: 'A-1', status: '\ufffd' },
      { order_number: '\ufffd-1', status: '\ufffd' },
    ];
    expect(await errorsOf(JSON.stringify({ orders }))).toMatchObject([
      { pointer: '/orders/0/status', order_number: 'A-1' },
      { pointer: '/orders/1/order_number' },
      { pointer: '/orders/1/status' },
    ]);
  });
});
