import { DataApiError } from '../errors.ts';
import { OID } from '../postgres/oids.ts';
import { type SqlParameter, TYPE_HINTS, type TypeHint } from '../wire.ts';
import { checkHintedText } from './hinted-text.ts';
import type { Input } from './input.ts';
import { longOf } from './json.ts';
import { rewriteNamedParameters } from './named-parameters.ts';

/**
 * A value as it goes to PostgreSQL: with the type it is declared as, in text or (bytea) as it is.
 */
export interface BoundValue {
  /** 0 leaves the type to PostgreSQL. */
  readonly typeOid: number;
  readonly value: string | Buffer | null;
}

/** A statement that is ready to run. */
export interface BoundSql {
  readonly text: string;
  readonly values: readonly BoundValue[];
}

/** Reads a list of parameters; their values are checked when they are bound. */
export function readParameters(input: Input, parameters: readonly unknown[]): SqlParameter[] {
  return parameters.map((parameter, index) => {
    const item = input.item(parameter);
    const path = `parameters.${index + 1}.member`;
    return {
      name: item.requiredText('name'),
      value: item.raw('value'),
      typeHint: item.choice('typeHint', TYPE_HINTS, `${path}.typeHint`),
    };
  });
}

/**
 * The SQL with placeholders and a value for each. A name that occurs twice is bound twice.
 *
 * @throws {DataApiError} ValidationException for a bad name or value
 */
export function bindParameters(sql: string, parameters: readonly SqlParameter[]): BoundSql {
  const values = new Map<string, BoundValue>();
  for (const { name, value, typeHint } of parameters) {
    if (!/^[A-Za-z0-9_]+$/.test(name))
      throw invalid(`Named parameter syntax is invalid, input: ${name}`);
    if (values.has(name)) throw invalid(`Parameter "${name}" has more than one value`);
    values.set(name, bind(name, value, typeHint));
  }
  const { text, names } = rewriteNamedParameters(sql, new Set(values.keys()));
  return { text, values: names.map((name) => values.get(name) as BoundValue) };
}

function bind(name: string, field: unknown, typeHint?: TypeHint): BoundValue {
  const [member, value] = onlyMember(name, field);
  if (member === 'isNull') return bindNull(name, value);
  if (member === 'arrayValue') throw invalid('Array parameters are not supported.');
  if (typeHint && member !== 'stringValue')
    throw invalid(`Parameter "${name}" has the type hint ${typeHint} and no stringValue`);
  switch (member) {
    case 'stringValue':
      return bindText(name, value, typeHint);
    case 'longValue':
      return { typeOid: OID.int8, value: longText(name, value) };
    case 'doubleValue':
      return { typeOid: OID.float8, value: doubleText(name, value) };
    case 'booleanValue':
      if (typeof value !== 'boolean') throw notA('Boolean', name);
      return { typeOid: OID.bool, value: String(value) };
    case 'blobValue':
      return { typeOid: OID.bytea, value: blob(name, value) };
    default:
      throw invalid(`Parameter "${name}" has value with no field set`);
  }
}

/** A Field is a union: exactly one of its members is there. */
function onlyMember(name: string, field: unknown): [member: string | undefined, value: unknown] {
  if (field !== undefined && field !== null && typeof field !== 'object')
    throw notA('Structure', name);
  const members = (field ?? {}) as Record<string, unknown>;
  let only: string | undefined;
  for (const member in members) {
    if (members[member] === null) continue;
    if (only) throw invalid(`Parameter "${name}" has value with several fields set`);
    only = member;
  }
  return [only, only && members[only]];
}

function bindNull(name: string, value: unknown): BoundValue {
  if (value !== true) throw invalid(`Parameter "${name}" has value with no field set`);
  return { typeOid: OID.untyped, value: null };
}

const HINTED_TYPE: Record<TypeHint, number> = {
  DATE: OID.date,
  DECIMAL: OID.numeric,
  JSON: OID.jsonb,
  TIME: OID.time,
  TIMESTAMP: OID.timestamp,
  UUID: OID.uuid,
};

function bindText(name: string, value: unknown, typeHint?: TypeHint): BoundValue {
  // A lone surrogate has no UTF-8: it would arrive as another character.
  if (typeof value !== 'string' || !value.isWellFormed()) throw notA('String', name);
  if (!typeHint) return { typeOid: OID.text, value };
  checkHintedText(typeHint, value);
  return { typeOid: HINTED_TYPE[typeHint], value };
}

const LONG = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

function longText(name: string, value: unknown): string {
  const long = longOf(value);
  if (long !== undefined && long >= LONG.min && long <= LONG.max) return String(long);
  throw notA('Long', name);
}

const NOT_FINITE = ['NaN', 'Infinity', '-Infinity'];

function doubleText(name: string, value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && NOT_FINITE.includes(value)) return value;
  throw notA('Double', name);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function blob(name: string, value: unknown): Buffer {
  if (typeof value === 'string' && value.length % 4 === 0 && BASE64.test(value))
    return Buffer.from(value, 'base64');
  throw notA('Blob', name);
}

const invalid = (message: string) => new DataApiError('ValidationException', message);

const notA = (type: string, name: string) =>
  new DataApiError(
    'SerializationException',
    `The value of parameter "${name}" can not be converted to ${type}`,
  );
