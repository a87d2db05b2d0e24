import type { PgType } from '../postgres/types.ts';
import type { Field, ResultOptions } from '../wire.ts';
import { arrayDecoder } from './arrays.ts';
import { dateText, timestampText, timestamptzText, timeText } from './datetime.ts';
import { compactJson } from './json-text.ts';
import { exactDecimal, exactLong, finite } from './numbers.ts';
import { unsupportedType } from './unsupported.ts';

/** Turns a value in PostgreSQL's text format into a Field. */
export type Decoder = (text: string) => Field;

/**
 * How to decode a column.
 *
 * @throws {DataApiError} UnsupportedResultException for a type that the Data API does not return
 */
export function decoderFor(type: PgType, options: ResultOptions): Decoder {
  if (type.kind === 'enum') return asString;
  const element = type.element;
  if (element) {
    const decode = arrayDecoder(element);
    return (text) => ({ arrayValue: decode(text) });
  }
  const decoder = type.kind === 'base' ? BY_NAME[type.name] : undefined;
  if (!decoder) throw unsupportedType(type);
  return (text) => decoder(text, options);
}

const asString = (text: string): Field => ({ stringValue: text });

const BY_NAME: Record<string, (text: string, options: ResultOptions) => Field> = {
  int2: longField,
  int4: longField,
  int8: longField,
  oid: longField,
  numeric: decimalField,
  float4: (text) => ({ doubleValue: finite(text) }),
  float8: (text) => ({ doubleValue: finite(text) }),
  bool: (text) => ({ booleanValue: text === 't' }),
  bytea: (text) => ({ blobValue: byteaBuffer(text).toString('base64') }),
  text: asString,
  varchar: asString,
  bpchar: asString,
  name: asString,
  uuid: asString,
  json: (text) => ({ stringValue: compactJson(text) }),
  jsonb: (text) => ({ stringValue: compactJson(text) }),
  inet: asString,
  cidr: asString,
  bit: asString,
  varbit: asString,
  int4range: asString,
  numrange: asString,
  void: asString,
  date: (text) => ({ stringValue: dateText(text) }),
  time: (text) => ({ stringValue: timeText(text) }),
  timestamp: (text) => ({ stringValue: timestampText(text) }),
  timestamptz: (text) => ({ stringValue: timestamptzText(text) }),
};

function longField(text: string, { longReturnType }: ResultOptions): Field {
  return longReturnType === 'STRING' ? { stringValue: text } : { longValue: exactLong(text) };
}

function decimalField(text: string, { decimalReturnType }: ResultOptions): Field {
  const exact = exactDecimal(text); // also where it stays text: NaN is refused
  if (decimalReturnType === 'STRING') return { stringValue: exact };
  const isLong = !exact.includes('.') && isInt8(BigInt(exact));
  return isLong ? { longValue: exactLong(exact) } : { doubleValue: finite(exact) };
}

const isInt8 = (value: bigint) => BigInt.asIntN(64, value) === value;

/** PostgreSQL's hex format, or its escape format where the session asked for that. */
function byteaBuffer(text: string): Buffer {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex');
  const unescaped = text.replace(/\\(\\|[0-7]{3})/g, (_match, code: string) =>
    code === '\\' ? '\\' : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(unescaped, 'latin1');
}
