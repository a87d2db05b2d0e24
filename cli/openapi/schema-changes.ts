import type { JsonSchema } from '../../functions/shared/contract/json-schema.ts';

/** A place in a body, and what became worse there: `/orders/-/status is gone`. */
export type Change = string;

/** In which ways less is taken than before of what is sent. */
export function narrowed(before: JsonSchema, after: JsonSchema, at = ''): Change[] {
  return choicesOf(before).flatMap((was) =>
    fewest(choicesOf(after).map((is) => narrowedChoice(was, is, at))),
  );
}

/** In which ways less is promised than before of what is answered. More fields are no less. */
export function loosened(before: JsonSchema, after: JsonSchema, at = ''): Change[] {
  return choicesOf(after).flatMap((is) =>
    fewest(choicesOf(before).map((was) => loosenedChoice(was, is, at))),
  );
}

function narrowedChoice(was: JsonSchema, is: JsonSchema, at: string): Change[] {
  if (is.type !== undefined && was.type !== is.type && !isInteger(was, is)) {
    return [`${at} no longer takes ${was.type ?? 'anything'}`];
  }
  const needed = (is.required ?? []).filter((name) => !was.required?.includes(name));
  return [
    ...needed.map((name) => `${at}/${name} is now needed`),
    ...goneValues(was, is).map((value) => `${at} no longer takes ${value}`),
    ...(is.enum && !was.enum ? [`${at} takes only some values`] : []),
    ...LEAST.filter((name) => (is[name] ?? -Infinity) > (was[name] ?? -Infinity)).map(
      (name) => `${at} has a greater ${name}`,
    ),
    ...GREATEST.filter((name) => (is[name] ?? Infinity) < (was[name] ?? Infinity)).map(
      (name) => `${at} has a lesser ${name}`,
    ),
    ...FORMS.filter((name) => is[name] !== undefined && is[name] !== was[name]).map(
      (name) => `${at} has another ${name}`,
    ),
    ...inParts(was, is, at, narrowed),
  ];
}

function loosenedChoice(was: JsonSchema, is: JsonSchema, at: string): Change[] {
  if (was.type !== undefined && was.type !== is.type && !isInteger(is, was)) {
    return [`${at} may now be ${is.type ?? 'anything'}`];
  }
  const unsure = (was.required ?? []).filter(
    (name) => !is.required?.includes(name) && is.properties?.[name] !== undefined,
  );
  return [
    ...unsure.map((name) => `${at}/${name} may be missing`),
    ...goneValues(was, is).map((value) => `${at} is no longer ${value}`),
    ...(was.enum && !is.enum ? [`${at} may be any value`] : []),
    ...LEAST.filter((name) => (is[name] ?? -Infinity) < (was[name] ?? -Infinity)).map(
      (name) => `${at} has a lesser ${name}`,
    ),
    ...FORMS.filter((name) => was[name] !== undefined && is[name] !== was[name]).map(
      (name) => `${at} has another ${name}`,
    ),
    ...inParts(was, is, at, loosened),
  ];
}

const LEAST = ['minimum', 'minLength', 'minItems'] as const;
const GREATEST = ['maximum', 'maxLength', 'maxItems'] as const;
const FORMS = ['format', 'pattern', 'const'] as const;

/** What became worse of fields and members; a field that is gone is worse either way. */
function inParts(was: JsonSchema, is: JsonSchema, at: string, compare: typeof narrowed): Change[] {
  const fields = Object.entries(was.properties ?? {}).flatMap(([name, field]) => {
    const now = is.properties?.[name];
    return now ? compare(field, now, `${at}/${name}`) : [`${at}/${name} is gone`];
  });
  return was.items && is.items ? [...fields, ...compare(was.items, is.items, `${at}/-`)] : fields;
}

function goneValues(was: JsonSchema, is: JsonSchema): string[] {
  if (!is.enum) return [];
  return (was.enum ?? []).filter((value) => !is.enum?.includes(value)).map(String);
}

const isInteger = (one: JsonSchema, other: JsonSchema) =>
  one.type === 'integer' && other.type === 'number';

/** The schemas of which a value fits one, each of a single type. */
function choicesOf(schema: JsonSchema): JsonSchema[] {
  const { anyOf, ...common } = schema;
  if (anyOf) return anyOf.flatMap((choice) => choicesOf({ ...common, ...choice }));
  const { type } = schema;
  return typeof type === 'string' || type === undefined
    ? [schema]
    : type.map((one) => ({ ...schema, type: one }));
}

/** Of several ways to see it the one with the fewest changes. */
function fewest(ways: readonly Change[][]): Change[] {
  const [first = [], ...others] = ways;
  return others.reduce((best, way) => (way.length < best.length ? way : best), first);
}
