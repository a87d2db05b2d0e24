import { createHash } from 'node:crypto';
import {
  createQueryId,
  type Kysely,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
  RawNode,
  sql,
} from 'kysely';
import { sqlStateOf } from './data-api/errors.ts';
import type { Database } from './schema.ts';

/** PostgreSQL's types of a routine's parameters, or of the columns of its row, by their names. */
export type Types = Readonly<Record<string, 'bigint' | 'boolean' | 'integer' | 'text'>>;

/** What a statement says for each of its parameters. */
export type Expressions<Parameters extends Types> = {
  readonly [Name in keyof Parameters]: RawBuilder<unknown>;
};

/** What is sent for each parameter. */
export type Values<Parameters extends Types> = {
  readonly [Name in keyof Parameters]: {
    readonly bigint: number;
    readonly boolean: boolean;
    readonly integer: number;
    readonly text: string | null;
  }[Parameters[Name]];
};

interface Definition<Parameters extends Types, Row> {
  /** Before the digest in the names of its functions in the database. */
  readonly name: string;
  readonly parameters: Parameters;
  /** Of the one row that it answers. */
  readonly columns: { readonly [Name in keyof Row]: Types[string] };
  /** The statement; it may have no other parameters. */
  readonly body: (parameters: Expressions<Parameters>) => RawBuilder<Row>;
}

interface Signature {
  readonly name: string;
  /** PostgreSQL's, of its arguments. */
  readonly types: readonly string[];
}

/** What makes a routine's function in a database. */
export interface DatabaseRoutine {
  /** What the names of its functions begin with, whatever their text. */
  readonly prefix: string;
  /** Of the function with the text that this code has. */
  readonly signature: Signature;
  /** The statement that makes it. */
  create(): RawBuilder<unknown>;
  /** What its function does, with `$1`, `$2` … for its arguments. */
  readonly text: string;
}

/** PostgreSQL's undefined_function, and insufficient_privilege. */
const NOT_TO_BE_CALLED: readonly (string | undefined)[] = ['42883', '42501'];

/** What PostgreSQL says, as of a bug of its own, where a function is dropped as it is called. */
const DROPPED_MEANWHILE = 'cache lookup failed for function';

/**
 * A statement that the database also has as a function of its own, under a name with the digest of
 * its text: PostgreSQL can keep a function's plan as long as the session lives, while it plans a
 * statement that comes over the Data API anew for every call, and 11 KB less travel.
 *
 * `applyRoles` makes the function. Where there is none, or the login may not call it, the statement
 * itself does the same.
 */
export class Routine<Parameters extends Types, Row> implements DatabaseRoutine {
  readonly #definition: Definition<Parameters, Row>;
  readonly #parameters: readonly (keyof Parameters & string)[];
  #compiled: { readonly name: string; readonly body: string } | undefined;
  #isMissing = false;

  constructor(definition: Definition<Parameters, Row>) {
    this.#definition = definition;
    this.#parameters = Object.keys(definition.parameters);
  }

  get prefix(): string {
    return `${this.#definition.name}_`;
  }

  /** @returns its one row, in a list */
  async execute(db: Kysely<Database>, values: Values<Parameters>): Promise<QueryResult<Row>> {
    // In a transaction a call that fails is the end of the transaction.
    if (this.#isMissing || db.isTransaction) return this.statement(values).execute(db);
    try {
      return await this.call(values).execute(db);
    } catch (error) {
      if (!(error instanceof Error && isNotToBeCalled(error))) throw error;
      this.#isMissing = true; // its process asks no more
      return this.statement(values).execute(db);
    }
  }

  /** The statement itself. */
  statement(values: Values<Parameters>): RawBuilder<Row> {
    return this.#definition.body(this.#each((name) => this.#sent(values, name)));
  }

  /** The statement as a call of the database's function. */
  call(values: Values<Parameters>): RawBuilder<Row> {
    const { name } = this.#compile();
    const sent = this.#parameters.map((parameter) => this.#sent(values, parameter));
    return sql<Row>`SELECT * FROM ${sql.raw(name)}(${sql.join(sent)})`;
  }

  get signature(): Signature {
    return { name: this.#compile().name, types: Object.values(this.#definition.parameters) };
  }

  create(): RawBuilder<unknown> {
    const { name, body } = this.#compile();
    const { parameters, columns } = this.#definition;
    const declared = Object.entries(parameters).map(([of, type]) => `${argument(of)} ${type}`);
    const answered = Object.entries<string>(columns).map(([of, type]) => `${of} ${type}`);
    // The plan for values that are not known is as good as one that is made for them.
    return sql.raw(`
      CREATE FUNCTION ${name}(${declared.join(', ')}) RETURNS TABLE (${answered.join(', ')})
      LANGUAGE plpgsql SET plan_cache_mode TO force_generic_plan AS $routine$
      #variable_conflict use_column
      BEGIN
        RETURN QUERY ${body};
      END
      $routine$`);
  }

  get text(): string {
    const places = new Map(this.#parameters.map((name, i) => [name, `$${i + 1}`]));
    return this.#written((name) => `${places.get(name)}::${this.#definition.parameters[name]}`);
  }

  #compile() {
    this.#compiled ??= this.#sign(this.#written(argument));
    return this.#compiled;
  }

  #sign(body: string) {
    const text = JSON.stringify([body, this.#definition]);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return { name: `${this.prefix}${digest}`, body };
  }

  /** The statement as SQL in which something stands for each parameter. */
  #written(expression: (name: keyof Parameters & string) => string): string {
    const statement = this.#definition.body(this.#each((name) => sql.raw(expression(name))));
    const node = statement.toOperationNode();
    if (!RawNode.is(node)) throw new Error(`${this.#definition.name} is not written in SQL.`);
    return new PostgresQueryCompiler().compileQuery(node, createQueryId()).sql;
  }

  #sent(values: Values<Parameters>, name: keyof Parameters & string): RawBuilder<unknown> {
    return sql`${values[name]}::${sql.raw(this.#definition.parameters[name] ?? '')}`;
  }

  #each(expression: (name: keyof Parameters & string) => RawBuilder<unknown>) {
    const entries = this.#parameters.map((name) => [name, expression(name)]);
    return Object.fromEntries(entries) as Expressions<Parameters>;
  }
}

function isNotToBeCalled(error: Error): boolean {
  return NOT_TO_BE_CALLED.includes(sqlStateOf(error)) || error.message.includes(DROPPED_MEANWHILE);
}

/** No column's name begins so. */
const argument = (name: string) => `p_${name}`;
