/**
 * A JSON Schema (2020-12) of the keywords that the API's document uses.
 *
 * @see https://spec.openapis.org/oas/v3.1.1#schema-object
 */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
};

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/**
 * An object with a field for each of `T`'s, so that none is forgotten where `T` grows.
 *
 * @param optional those that need not be there
 */
export function objectOf<T extends object>(
  properties: { readonly [Name in keyof T & string]-?: JsonSchema },
  optional: readonly (keyof T & string)[] = [],
): JsonSchema {
  const names = Object.keys(properties);
  const required = names.filter((name) => !optional.some((one) => one === name));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

export function arrayOf(items: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { type: 'array', items, ...more };
}

/** The same, or `null`. */
export function orNull({ type, ...schema }: JsonSchema & { readonly type: JsonType }): JsonSchema {
  return { type: [type, 'null'], ...schema };
}

export const oneOf = (choices: readonly string[]): JsonSchema => ({
  type: 'string',
  enum: choices,
});
