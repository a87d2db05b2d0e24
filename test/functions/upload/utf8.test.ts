import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../functions/shared/json-number.ts';
import type { Problem } from '../../../functions/shared/problem.ts';
import { refuseDamagedText } from '../../../functions/upload/utf8.ts';

/** `pointer value` of every text that is refused. */
function damagedIn(json: string): string[] {
  try {
    refuseDamagedText(parseJson(json), json);
    return [];
  } catch (problem) {
    const { status, options } = problem as Problem;
    expect(status).toBe(400);
    const { errors = [] } = options;
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['invalid_utf8']));
    for (const { detail } of errors) expect(detail).toContain('send UTF-8');
    return errors.map(({ pointer, value }) => `${pointer} ${value}`);
  }
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
  ])('names %s', (_what, json, expected) => {
    expect(damagedIn(json)).toEqual(expected);
  });

  it.each([
    '{"a":"\ufffd","a":"b"}',
    '{"a":"\\uFffd","a":"b"}',
    '{"a":"\\\\\\ufffd","a":"b"}',
    '{"orders":[{"a\ufffd":1}],"orders":[]}',
  ])('refuses the whole body for a field that comes again: %s', (json) => {
    expect(damagedIn(json)).toEqual([' undefined']);
  });

  it.each([
    '{"user":"\\\\ufffd"}',
    '{"user":"\\\\\\\\ufffd"}',
    '{"\\uf00d":1}',
    'null',
    '5',
    '{"a":1}',
  ])('takes %s', (json) => {
    expect(damagedIn(json)).toEqual([]);
  });

  it('names the order where its number is whole', () => {
    const orders = [
      { order_number: 'A-1', status: '\ufffd' },
      { order_number: '\ufffd-1', status: '\ufffd' },
    ];
    try {
      refuseDamagedText({ orders }, JSON.stringify({ orders }));
      expect.fail('It was taken.');
    } catch (problem) {
      expect((problem as Problem).options.errors).toMatchObject([
        { pointer: '/orders/0/status', order_number: 'A-1' },
        { pointer: '/orders/1/order_number' },
        { pointer: '/orders/1/status' },
      ]);
    }
  });
});
