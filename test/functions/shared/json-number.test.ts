import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isJsonString,
  markNumbers,
  numberText,
  stringText,
} from '../../../functions/shared/json-number.ts';

/** The marked JSON, parsed. */
const parse = (json: string): unknown => JSON.parse(markNumbers(Buffer.from(json)));
const member = (json: string) => (parse(json) as { a: unknown }).a;

describe('markNumbers', () => {
  it.each([
    '0',
    '-0',
    '2500.00',
    '0.1000000000000000055',
    '1e3',
    '-1.5E+10',
    '9'.repeat(400),
  ])('keeps the number %s as it was written', (text) => {
    expect(numberText(member(`{ "a" :\n${text}\t}`))).toBe(text);
    expect(isJsonString(member(`{"a":${text}}`))).toBe(false);
  });

  it.each([
    '5',
    '',
    ': 5',
    '": 5',
    '\\":5',
    '\0',
    '\x005',
    '\0\x005',
    '\\u00005',
    '", "b": 5',
  ])('takes the string %j for no number', (text) => {
    const value = member(JSON.stringify({ a: text, b: 5 }));
    expect(numberText(value)).toBeUndefined();
    expect(isJsonString(value)).toBe(true);
    expect(stringText(value as string)).toBe(text);
  });

  it.each([
    '{"a":01}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":1.2.3}',
    '{"a":1-2}',
    '{"a":1"b":2}',
    '{"a":+1}',
  ])('refuses %s', (json) => {
    expect(() => parse(json)).toThrow(SyntaxError);
  });

  it.each([
    '{"a":"\\u0000","b":5',
    '{"a":"',
    '{"a":"\\',
    '{"a":5',
    '{"a"::5}',
    '{"a":"b":5}',
    `{"a":${'['.repeat(9)}5}`,
  ])('refuses %s, which breaks off', (json) => {
    expect(() => parse(json)).toThrow(SyntaxError);
  });

  it('grows as much as short numbers need', () => {
    const json = `[${'{"":0},'.repeat(999)}{"":0}]`;
    const members = parse(json) as { '': unknown }[];
    expect(members).toHaveLength(1_000);
    expect(members.every((member) => numberText(member['']) === '0')).toBe(true);
  });

  it('is what a reviver that is told how numbers were written would make of any text', () => {
    const near = fc
      .array(
        fc.constantFrom(
          '"',
          '"',
          ':',
          ' ',
          '1',
          '-',
          '.5',
          'e2',
          '\\',
          '\\u0000',
          '{',
          '}',
          ',',
          'a',
        ),
      )
      .map((parts) => `{"x":"${parts.join('')}}`);
    const anything = fc.oneof(
      fc.json(),
      fc.json().map((json) => `{"a": ${json}}`),
      near,
    );
    fc.assert(
      fc.property(anything, (json) => {
        expect(outcome(() => parse(json))).toEqual(outcome(() => JSON.parse(json, keepNumberText)));
      }),
      { numRuns: 3_000 },
    );
  });
});

function keepNumberText(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number') return `\0${context?.source ?? value}`;
  return typeof value === 'string' && value[0] === '\0' ? `\0${value}` : value;
}

/** What a parser makes of a text. A number outside of objects need not keep its text. */
function outcome(parse: () => unknown): unknown {
  try {
    return withoutLooseNumbers(parse());
  } catch (error) {
    return (error as Error).name;
  }
}

function withoutLooseNumbers(value: unknown, isMember = false): unknown {
  if (typeof value === 'number') return isMember ? value : 'a number';
  if (numberText(value) !== undefined) return isMember ? value : 'a number';
  if (Array.isArray(value)) return value.map((element) => withoutLooseNumbers(element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, inner]) => [name, withoutLooseNumbers(inner, true)]);
}
