import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ROUTES } from '../../../functions/routes.ts';
import { isObject } from '../../../functions/shared/is-object.ts';
import { readText } from '../../architecture/source-files.ts';

// The API's document as tests hold answers to it: an object has no fields but those that it names,
// though whoever reads answers has to ignore further ones.

export interface Response {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, object>>;
}

interface Found {
  /** As the table of routes has it. */
  readonly route: string;
  readonly responses: Readonly<Record<string, Response>>;
  /** To a response in the document. */
  readonly pointer: (status: number) => string;
}

type Written = Readonly<Record<string, { readonly $ref?: string } & Response>>;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Written;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

const document = JSON.parse(readText('docs/openapi.json')) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('decimal', true); // a number, or text with a pattern beside it
ajv.addSchema(closed(document), 'document');

/** Why a value does not fit a schema of the document. */
export function validate(pointer: string, value: unknown): string[] {
  const fits = ajv.getSchema(`document#${pointer}`);
  if (!fits) throw new Error(`The document has no ${pointer}.`);
  if (fits(value)) return [];
  return (fits.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/** All operations, each with the names of its query's parameters in the alphabet's order. */
export function listOperations(): { route: string; parameters: string[] }[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [] }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      parameters: parameters
        .filter((one) => one.in === 'query')
        .map(({ name }) => name)
        .sort(),
    })),
  );
}

/** The operation that answers there. */
export function findOperation(method: string, path: string): Found | undefined {
  for (const [template, operations] of Object.entries(document.paths)) {
    const operation = operations[method.toLowerCase()];
    if (!operation || !pattern(template).test(path)) continue;
    const name = template.replaceAll('/', '~1').replaceAll(/[{}]/g, encodeURIComponent);
    return {
      route: `${method} ${template}`,
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, one]) => [status, responseOf(one)]),
      ),
      pointer: (status) =>
        operation.responses[status]?.$ref?.slice(1) ??
        `/paths/${name}/${method.toLowerCase()}/responses/${status}`,
    };
  }
  return undefined;
}

/** Whether there is a route of the path that the document need not have. */
export function isRouted(path: string): boolean {
  return Object.keys(ROUTES).some((routeKey) => pattern(routeKey.split(' ')[1] ?? '').test(path));
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\+\}/, '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function responseOf({ $ref, ...response }: { readonly $ref?: string } & Response): Response {
  return $ref ? (document.components.responses[$ref.split('/').at(-1) ?? ''] ?? {}) : response;
}

/** The same, in which objects have no fields that are not named. */
function closed(part: unknown): object {
  const close = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(close);
    if (!isObject(one)) return one;
    const parts = Object.fromEntries(Object.entries(one).map(([name, of]) => [name, close(of)]));
    const isNamed = one.type === 'object' && isObject(one.properties);
    return isNamed ? { ...parts, additionalProperties: false } : parts;
  };
  return Object(close(part));
}
