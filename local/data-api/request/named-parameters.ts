import { DataApiError } from '../errors.ts';

/**
 * SQL with PostgreSQL's own placeholders, and for each of them, in order, the name it stood for.
 */
export interface PositionalSql {
  readonly text: string;
  readonly names: readonly string[];
}

// Tried in this order at every place; what stands first hides what is inside it. Dollar quotes are
// taken only to learn where they are: the Data API substitutes inside them.
const TOKENS = new RegExp(
  [
    /\b[eE]'(?:[^'\\]|\\[\s\S])*'/, // a string with backslash escapes
    /'[^']*'/, // a doubled quote inside is two strings in a row
    /"[^"]*"/,
    /--[^\n\r]*/,
    /\/\*/, // the comment's end is searched separately, as comments nest
    /(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)/,
    /::/,
    /:(?<name>[A-Za-z0-9_]+)/,
  ]
    .map((token) => token.source)
    .join('|'),
  'g',
);

/**
 * Puts `$1`, `$2`, … in the place of `:name`, a new number for every occurrence, as the Data API
 * does. Strings, quoted identifiers, comments and `::` are left alone; dollar quotes and array
 * slices are not.
 *
 * @param supplied the names that have a value
 * @throws {DataApiError} ValidationException for a name without a value,
 * unless it is in a dollar quote
 */
export function rewriteNamedParameters(sql: string, supplied: ReadonlySet<string>): PositionalSql {
  const names: string[] = [];
  let text = '';
  let copiedTo = 0;
  let dollarQuote: string | undefined;
  TOKENS.lastIndex = 0;
  for (let match = TOKENS.exec(sql); match; match = TOKENS.exec(sql)) {
    const { dollar, name } = match.groups ?? {};
    if (match[0] === '/*') TOKENS.lastIndex = endOfComment(sql, match.index);
    else if (dollar) dollarQuote = nextDollarQuote(dollarQuote, dollar);
    else if (name) {
      const isSupplied = supplied.has(name);
      if (!isSupplied && !dollarQuote) throw missingValue(name);
      text += `${sql.slice(copiedTo, match.index)}$${names.length + 1}`;
      copiedTo = TOKENS.lastIndex;
      if (isSupplied) names.push(name);
    }
  }
  return { text: text + sql.slice(copiedTo), names };
}

const missingValue = (name: string) =>
  new DataApiError('ValidationException', `Named parameter has no value, input: ${name}`);

/** Inside `$a$`, only another `$a$` means anything. */
function nextDollarQuote(open: string | undefined, found: string): string | undefined {
  if (open === undefined) return found;
  return open === found ? undefined : open;
}

function endOfComment(sql: string, start: number): number {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = start;
  let depth = 0;
  for (let match = delimiter.exec(sql); match; match = delimiter.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return delimiter.lastIndex;
  }
  return sql.length;
}
