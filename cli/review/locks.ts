/** What a statement keeps waiting, and for how long. */
export interface Lock {
  /** `long` grows with the table; `short` is over at once, when it has been let in. */
  readonly level: 'long' | 'short' | 'unknown';
  readonly says: string;
  /** Its beginning. */
  readonly statement: string;
}

interface Rule {
  /** Its first group is the table, where there is one. */
  readonly pattern: RegExp;
  readonly level: Lock['level'];
  readonly says: (table: string) => string;
}

const ALTER = String.raw`^alter table (?:if exists )?(?:only )?(\S+)\b.*`;

/** The first one that fits counts. @see https://www.postgresql.org/docs/18/explicit-locking.html */
const RULES: readonly Rule[] = [
  {
    pattern: /^create (?:unique )?index (?!concurrently)(?:if not exists )?\S+ on (?:only )?(\S+)/,
    level: 'long',
    says: (table) => `whoever writes to ${table} waits until the index is built`,
  },
  {
    pattern: new RegExp(`${ALTER}(?:\\btype\\b|add column .*(?:\\w\\(.*\\)|generated|identity))`),
    level: 'long',
    says: (table) => `all use of ${table} waits while its rows may be written anew`,
  },
  {
    pattern: new RegExp(
      `${ALTER}(?:set not null|add (?:constraint \\S+ )?(?:check|foreign key|unique|primary key|exclude)\\b(?!.*(?:not valid|using index)))`,
    ),
    level: 'long',
    says: (table) => `all use of ${table} waits while its rows are read`,
  },
  {
    pattern: /^(?:with\b.*?\b)?(?:update|delete from|merge into) (?:only )?([^\s(]+)/,
    level: 'long',
    says: (table) => `rows of ${table} stay locked until all are changed`,
  },
  {
    pattern: /^(?:cluster|vacuum full|reindex (?:table|index) (?!concurrently))\s*(\S*)/,
    level: 'long',
    says: (table) => `all use of ${table} waits until it is over`,
  },
  {
    pattern: /^refresh materialized view (?!concurrently)(\S+)/,
    level: 'long',
    says: (table) => `all use of ${table} waits until it is over`,
  },
  {
    pattern: /^(?:do|call)\b()/,
    level: 'unknown',
    says: () => 'what it does is not seen from outside: read it',
  },
  {
    pattern: /^(?:drop table|truncate(?: table)?) (?:if exists )?(?:only )?(\S+)/,
    level: 'short',
    says: (table) => `what is in ${table} is lost`,
  },
  {
    pattern: new RegExp(`${ALTER}\\bdrop column`),
    level: 'short',
    says: (table) => `what is in the column of ${table} is lost`,
  },
  {
    pattern: /^(?:alter table|lock table) (?:if exists )?(?:only )?(\S+)/,
    level: 'short',
    says: (table) => `all use of ${table} waits for a moment`,
  },
  {
    pattern: /^drop index (?!concurrently)(?:if exists )?(\S+)/,
    level: 'short',
    says: (index) => `all use of the table of ${index} waits for a moment`,
  },
  {
    pattern: /^create (?:or replace )?(?:constraint )?trigger \S+ .*? on (\S+)/,
    level: 'short',
    says: (table) => `whoever writes to ${table} waits for a moment`,
  },
];

const SHOWN = 100;

/** What a migration's statements keep waiting; what they do to tables of their own keeps nobody. */
export function locksOf(statements: readonly string[]): Lock[] {
  const plain = statements.map(withoutComments);
  const own = new Set(
    plain.flatMap((text) => {
      const [, table] = /^create (?:\w+ )?table (?:if not exists )?([^\s(]+)/.exec(text) ?? [];
      return table === undefined ? [] : [nameOf(table)];
    }),
  );
  return plain.flatMap((text) => {
    const rule = RULES.find(({ pattern }) => pattern.test(text));
    if (!rule) return [];
    const table = nameOf(rule.pattern.exec(text)?.[1] ?? '');
    if (own.has(table)) return [];
    const statement = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return [{ level: rule.level, says: rule.says(table), statement }];
  });
}

function withoutComments(statement: string): string {
  return statement
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

const nameOf = (table: string) => table.replaceAll('"', '').replace(/[;,(]+$/, '');
