import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../db/migrations/index.ts';
import type { RoleName } from '../../db/roles/names.ts';
import { ROLES } from '../../db/roles/roles.ts';
import { errorCode } from '../caught.ts';
import type { Assembly, Template } from '../templates/assembly.ts';
import { normalized } from '../templates/normalized.ts';
import type { ExecutedByRole, ExecutedStatement } from './executed.ts';

/** What was deployed last, as the repository keeps it. */
export interface Released {
  /** By the stacks' names; of a stage that is not kept there are none. */
  readonly templates: ReadonlyMap<string, Template>;
  /** The names of those that have run. */
  readonly migrations: readonly string[];
}

/** What a function did in the database as it was deployed. */
export interface ReleasedRole {
  /** Those of ours that it might call, some of which are only called while a statement runs. */
  readonly functions: readonly string[];
  readonly statements: readonly ExecutedStatement[];
}

const FOLDER = join(import.meta.dirname, '../../docs/released');
const TEMPLATES = 'templates';
const MIGRATIONS = 'migrations.json';
const STATEMENTS = 'statements.json';

export function readReleased({ stacks }: Pick<Assembly, 'stacks'>, folder = FOLDER): Released {
  const templates = stacks.flatMap(({ name }): [string, Template][] => {
    const template = readIfThere(join(folder, TEMPLATES, `${name}.json`));
    return template === undefined ? [] : [[name, JSON.parse(template)]];
  });
  return {
    templates: new Map(templates),
    migrations: JSON.parse(readIfThere(join(folder, MIGRATIONS)) ?? '[]'),
  };
}

/** By their names; some of them may be gone. */
export function readReleasedRoles(folder = FOLDER): Readonly<Record<string, ReleasedRole>> {
  return JSON.parse(readIfThere(join(folder, STATEMENTS)) ?? '{}');
}

/** Keeps what is now as what was released, without what changes with every line of code. */
export function writeReleased(
  { stacks }: Pick<Assembly, 'stacks'>,
  executed: ExecutedByRole,
  folder = FOLDER,
): void {
  rmSync(join(folder, TEMPLATES), { recursive: true, force: true });
  mkdirSync(join(folder, TEMPLATES), { recursive: true });
  for (const { name, template } of stacks) {
    writeFileSync(join(folder, TEMPLATES, `${name}.json`), jsonText(normalized(template)));
  }
  writeFileSync(join(folder, MIGRATIONS), jsonText(Object.keys(migrations)));
  const roles = Object.entries(executed).map(([role, statements]) => {
    const { functions = [] } = ROLES[role as RoleName];
    return [role, { functions, statements } satisfies ReleasedRole];
  });
  writeFileSync(join(folder, STATEMENTS), jsonText(Object.fromEntries(roles)));
}

const jsonText = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
