import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** One file importing another, types included; paths from the repository's root. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const NOT_OURS = /^(?:\.git|\.local|cdk\.out|coverage|dist|node_modules|test-output)$/;
const RELATIVE_IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g;

/** The repository's files whose names end so, sorted; paths from its root. */
export function listFiles(ending: string, folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : listFiles(ending, path);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

export const readText = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every import of one of our files by another. */
export function listImports(): Import[] {
  return listFiles('.ts').flatMap((from) =>
    [...readText(from).matchAll(RELATIVE_IMPORT)].map(([, specifier = '']) => ({
      from,
      to: normalize(join(dirname(from), specifier)),
    })),
  );
}
