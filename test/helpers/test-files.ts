import { listFiles, listImports, readText } from '../architecture/source-files.ts';

interface TestFiles {
  /** Those that ask for PostgreSQL and the Data API, themselves or by a helper. */
  readonly cloud: string[];
  /** Those of the stacks and of what they are made of. */
  readonly templates: string[];
  /** All others. */
  readonly unit: string[];
}

/** The test files by what they need to start. */
export function testFiles(): TestFiles {
  const importersOf = Map.groupBy(listImports(), ({ to }) => to);
  const cloud = new Set<string>();
  const add = (file: string): void => {
    if (cloud.has(file)) return;
    cloud.add(file);
    for (const { from } of importersOf.get(file) ?? []) add(from);
  };
  for (const file of listFiles('.ts', 'test')) {
    if (readText(file).includes("inject('cloud')")) add(file);
  }
  const kindOf = (file: string): keyof TestFiles => {
    if (cloud.has(file)) return 'cloud';
    return file.startsWith('test/lib/') ? 'templates' : 'unit';
  };
  const files = Object.groupBy(listFiles('.test.ts', 'test'), kindOf);
  const { unit = [], templates = [], cloud: ofCloud = [] } = files;
  return { unit, templates, cloud: ofCloud };
}
