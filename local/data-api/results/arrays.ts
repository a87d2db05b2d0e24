import { DataApiError } from '../errors.ts';
import type { PgType } from '../postgres/types.ts';
import type { ArrayValue } from '../wire.ts';
import { dateText, timestampText, timeText } from './datetime.ts';
import { compactJson } from './json-text.ts';
import { exactDecimal, exactLong, finite } from './numbers.ts';
import { unsupportedType } from './unsupported.ts';

/**
 * How to decode one-dimensional arrays in PostgreSQL's text format, `{1,NULL,"a b"}`.
 *
 * @throws {DataApiError} UnsupportedResultException for elements that AWS does not list;
 * the decoder, for more dimensions
 */
export function arrayDecoder(element: PgType): (text: string) => ArrayValue {
  const values = (text: string, decode: (text: string) => unknown) =>
    elementsOf(text).map((item) => (item === null ? null : decode(item)));
  switch (element.name) {
    case 'int2':
    case 'int4':
    case 'int8':
      return (text) => ({ longValues: values(text, exactLong) as number[] });
    case 'float4':
    case 'float8':
      return (text) => ({ doubleValues: values(text, finite) as number[] });
    case 'bool':
      return (text) => ({ booleanValues: values(text, (item) => item === 't') as boolean[] });
    default: {
      const decode = TEXT_ELEMENTS[element.name];
      if (!decode) throw unsupportedType({ name: `_${element.name}`, kind: 'array', element });
      return (text) => ({ stringValues: values(text, decode) as string[] });
    }
  }
}

const asIs = (text: string) => text;

const TEXT_ELEMENTS: Record<string, (text: string) => string> = {
  bit: asIs,
  bpchar: asIs,
  date: dateText,
  json: compactJson,
  jsonb: compactJson,
  name: asIs,
  numeric: exactDecimal,
  text: asIs,
  time: timeText,
  timestamp: timestampText,
  uuid: asIs,
  varchar: asIs,
};

const ELEMENT = /"(?<quoted>(?:[^"\\]|\\[\s\S])*)"|(?<plain>[^,{}"]+)/g;

function elementsOf(text: string): (string | null)[] {
  const body = text.replace(/^[^{"]*=/, ''); // bounds that do not start at 1: `[0:1]={7,8}`
  if (body.startsWith('{{'))
    throw new DataApiError(
      'UnsupportedResultException',
      'The result contains a multidimensional array',
    );
  return Array.from(body.matchAll(ELEMENT), ({ groups: { quoted, plain } = {} }) => {
    if (quoted !== undefined) return quoted.replace(/\\([\s\S])/g, '$1');
    return plain === 'NULL' || plain === undefined ? null : plain;
  });
}
