import type { JsonSchema } from '../../functions/shared/contract/json-schema.ts';
import { isObject } from '../../functions/shared/is-object.ts';
import { loosened, narrowed } from './schema-changes.ts';

// Compares what our generator writes and no more: libraries that compare any two documents bring a
// program of another language, or stop at OpenAPI 3.0.

/** A document as it is checked in. */
export interface WrittenDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, WrittenOperation>>>>;
}

interface WrittenOperation {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, WrittenResponse>>;
}

interface WrittenResponse {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Content;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/**
 * What whoever relies on a document can no longer rely on, each as a sentence that begins with the
 * route: `GET /api/whoami 200: /scopes is gone`. What is only added is none.
 */
export function breakingChanges(before: WrittenDocument, after: WrittenDocument): string[] {
  const now = operationsOf(after);
  return [...operationsOf(before)].flatMap(([route, was]) => {
    const is = now.get(route);
    if (!is) return [`${route} is gone`];
    return [
      ...parameterChanges(was, is).map((change) => `${route}: ${change}`),
      ...contentChanges(was.requestBody?.content, is.requestBody?.content, narrowed).map(
        (change) => `${route}: the body: ${change}`,
      ),
      ...responseChanges(was, is).map((change) => `${route} ${change}`),
    ];
  });
}

function operationsOf(document: WrittenDocument): Map<string, WrittenOperation> {
  const { paths } = resolved(document, document);
  return new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    ),
  );
}

function parameterChanges(was: WrittenOperation, is: WrittenOperation): string[] {
  const scopes = (operation: WrittenOperation) => operation.security.flatMap(Object.values).flat();
  const key = (one: { name: string; in: string }) => `${one.in} ${one.name}`;
  const former = new Map((was.parameters ?? []).map((one) => [key(one), one]));
  const current = new Map((is.parameters ?? []).map((one) => [key(one), one]));
  return [
    ...scopes(is)
      .filter((scope) => !scopes(was).includes(scope))
      .map((scope) => `the scope ${scope} is now needed`),
    ...(was.security.length < is.security.length ? ['a key is now needed'] : []),
    ...[...current.values()]
      .filter((one) => one.required && !former.get(key(one))?.required)
      .map(({ name }) => `the parameter ${name} is now needed`),
    ...[...former].flatMap(([name, one]) => {
      const now = current.get(name);
      if (!now) return [`the parameter ${one.name} is gone`];
      return narrowed(one.schema, now.schema).map((change) => `the parameter ${one.name}${change}`);
    }),
  ];
}

function responseChanges(was: WrittenOperation, is: WrittenOperation): string[] {
  return Object.entries(was.responses).flatMap(([status, before]) => {
    const after = is.responses[status];
    if (!after) return [`${status}: is gone`];
    const headers = Object.keys(before.headers ?? {}).filter((name) => !after.headers?.[name]);
    return [
      ...headers.map((name) => `${status}: the header ${name} is gone`),
      ...contentChanges(before.content, after.content, loosened).map(
        (change) => `${status}: ${change}`,
      ),
    ];
  });
}

function contentChanges(was: Content = {}, is: Content = {}, compare: typeof narrowed): string[] {
  return Object.entries(was).flatMap(([type, { schema }]) => {
    const now = is[type];
    return now ? compare(schema, now.schema) : [`${type} is gone`];
  });
}

/** The same without references: what stands beside one is added to what it refers to. */
function resolved<T>(part: T, document: object): T;
function resolved(part: unknown, document: object): unknown {
  if (Array.isArray(part)) return part.map((one) => resolved(one, document));
  if (!isObject(part)) return part;
  const { $ref, ...beside } = part;
  const own = Object.fromEntries(
    Object.entries(beside).map(([name, one]) => [name, resolved(one, document)]),
  );
  return typeof $ref === 'string' ? merged(resolved(at($ref, document), document), own) : own;
}

function at(pointer: string, document: object): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), document);
}

function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...new Set([...one, ...other])];
  if (!isObject(one) || !isObject(other)) return other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => [
      name,
      name in one && name in other ? merged(one[name], other[name]) : (one[name] ?? other[name]),
    ]),
  );
}
