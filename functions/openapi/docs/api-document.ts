/** What the page reads of an OpenAPI document: of ours, which `npm run openapi` makes. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly { readonly sellerKey: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly description: string; readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, MediaType>>;

interface MediaType {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** `undefined` where only others in the same place have the field: so TypeScript reads JSON. */
  readonly properties?: Readonly<Record<string, Schema | undefined>>;
  readonly required?: readonly string[];
}

/** An operation with the route that it answers, such as `GET /api/orders`. */
export interface RoutedOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

/** In the order of the document. */
export function listOperations({ paths }: ApiDocument): RoutedOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** A schema in the place of a reference to it; what stands beside the reference counts, too. */
export function resolveSchema({ components }: ApiDocument, schema: Schema): Schema {
  const { $ref, ...beside } = schema;
  return $ref ? { ...components.schemas[nameIn($ref)], ...beside } : schema;
}

export function resolveResponse({ components }: ApiDocument, response: Response): Response {
  return (response.$ref && components.responses[nameIn(response.$ref)]) || response;
}

const nameIn = (pointer: string) => pointer.slice(pointer.lastIndexOf('/') + 1);
