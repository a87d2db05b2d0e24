import { describe, expect, it } from 'vitest';
import { snippetsOf } from '../../../../functions/openapi/docs/snippets.ts';

const codes = (body: string) =>
  snippetsOf({ method: 'POST', address: '/api/x', hasKey: true, body }).map(({ code }) => code);

describe('snippetsOf', () => {
  it("keeps an apostrophe in a body within the shell's quotes", () => {
    expect(codes('{"name": "d\'or"}')[0]).toContain(String.raw`-d '{"name": "d'\''or"}'`);
  });

  it('writes the words of JSON as Python has them, and leaves texts', () => {
    const [, , python] = codes('{"a": null, "b": true, "c": "null and \\"true\\""}');
    expect(python).toContain('json={"a": None, "b": True, "c": "null and \\"true\\""}');
  });
});
