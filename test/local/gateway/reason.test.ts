import { describe, expect, it } from 'vitest';
import { gatewayAnswer } from '../../../local/gateway/answer.ts';
import { reasonOf } from '../../../local/gateway/reason.ts';

const answer = (status: number, type: string, body: string, headers = {}) => ({
  status,
  headers: { 'content-type': type, ...headers },
  body: Buffer.from(body),
});
const problem = (fields: object) =>
  answer(400, 'application/problem+json', JSON.stringify({ title: 'Bad Request', ...fields }));

describe('reasonOf', () => {
  it.each([
    ['of the gateway', gatewayAnswer(403, 'Forbidden'), ': Forbidden'],
    [
      'without errors by its detail',
      problem({ detail: 'The key has expired.' }),
      ': The key has expired.',
    ],
    [
      'with errors by their codes, each once, and nothing that was sent',
      problem({
        detail: '3 fields do not fit.',
        errors: [
          { code: 'too_long', value: 'secret', detail: 'secret', pointer: '/secret' },
          { code: 'too_long' },
          { code: 'invalid_type' },
        ],
      }),
      ': too_long, invalid_type',
    ],
    [
      'of a page by its heading',
      answer(404, 'text/html; charset=utf-8', '<h1>Not found</h1><p>secret</p>'),
      ': Not found',
    ],
    [
      'of a form by what it says beside a field',
      answer(400, 'text/html', '<h1>Orders</h1><p class="field-error" id="x">Must be a day.</p>'),
      ': Must be a day.',
    ],
  ])('tells an answer %s', (_what, given, reason) => {
    expect(reasonOf(given)).toBe(reason);
  });

  it('is nothing for successes, nor for what says nothing', () => {
    expect(reasonOf(answer(200, 'application/json', '{"message":"x"}'))).toBe('');
    const noErrors = ['{"errors":[]}', '{"errors":[null]}', '{"errors":[{"code":{"toString":1}}]}'];
    for (const body of ['', 'null', '[]', '"x"', '{', ...noErrors]) {
      expect(reasonOf(answer(500, 'application/json', body))).toBe('');
    }
    const packed = answer(400, 'application/json', 'x', { 'content-encoding': 'gzip' });
    expect(reasonOf(packed)).toBe('');
  });

  it('fits a line', () => {
    expect(reasonOf(gatewayAnswer(500, 'x'.repeat(5_000)))).toHaveLength(102);
  });
});
