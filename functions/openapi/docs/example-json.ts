import { isObject } from '../../shared/is-object.ts';
import { type ApiDocument, resolveSchema, type Schema } from './api-document.ts';

/** As wide as most screens show code. */
const WIDTH = 88;

/**
 * A value as JSON for people: what fits stays on one line, and amounts have their two decimals,
 * which a parsed example has lost.
 */
export function exampleJson(document: ApiDocument, value: unknown, schema: Schema): string {
  return written(marked(document, value, [schema]), '').replaceAll(/"¤(-?[\d.]+)"/g, '$1');
}

/** The same value with amounts as texts that `exampleJson` takes apart again. */
function marked(document: ApiDocument, value: unknown, schemas: readonly Schema[]): unknown {
  const possible = schemas.flatMap((schema) => choices(document, schema));
  if (typeof value === 'number') {
    const isAmount = possible.some(({ format }) => format === 'decimal');
    return isAmount ? `¤${value.toFixed(2)}` : value;
  }
  if (Array.isArray(value)) {
    const items = possible.flatMap((schema) => schema.items ?? []);
    return value.map((one) => marked(document, one, items));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const fields = possible.flatMap(({ properties }) => properties?.[name] ?? []);
      return [name, marked(document, one, fields)];
    }),
  );
}

function choices(document: ApiDocument, schema: Schema): Schema[] {
  const resolved = resolveSchema(document, schema);
  return [resolved, ...(resolved.anyOf ?? []).flatMap((one) => choices(document, one))];
}

function written(value: unknown, indent: string, before = 0): string {
  const line = onOneLine(value);
  if (indent.length + before + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const lines = value.map((one) => `${inner}${written(one, inner)}`);
    return `[\n${lines.join(',\n')}\n${indent}]`;
  }
  if (!isObject(value)) return line;
  const lines = Object.entries(value).map(([name, one]) => {
    const key = `${JSON.stringify(name)}: `;
    return `${inner}${key}${written(one, inner, key.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}: ${onOneLine(one)}`,
  );
  return `{${fields.join(', ')}}`;
}
