import type { ProblemStatus } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { JsonSchema } from './json-schema.ts';

/** What the API's document says of a route, beside what holds for all. */
export interface RouteContract {
  /** The operation's name in clients that are generated. */
  readonly id: string;
  readonly summary: string;
  /** The heading in docs/api.md whose first paragraph describes it, and whose examples are its. */
  readonly section: string;
  readonly parameters: readonly Parameter[];
  /** What its 200 holds. */
  readonly answer: JsonSchema;
  /** Further headings of docs/api.md with examples of its 200. @default none */
  readonly furtherExamples?: readonly string[];
  /** The heading whose examples have what its own leave out. @default `section` */
  readonly completedBy?: string;
  /** Headers that its 200 may have, with what they say. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether `If-None-Match` may be answered with 304. @default false */
  readonly isRevalidated?: true;
  /** What it refuses with, beside what every route does, with the codes that errors may have. */
  readonly problems: Readonly<Partial<Record<ProblemStatus, readonly ProblemCode[]>>>;
}

/** A parameter object of OpenAPI. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: true;
  readonly description: string;
  /** Of a list: a value each time that the parameter comes. */
  readonly schema: JsonSchema;
}
