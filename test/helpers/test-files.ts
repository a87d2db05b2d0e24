import { listFiles, listImports, readText } from '../architecture/source-files.ts';

/**
 * The test files by what they need: `cloud` for those that ask for PostgreSQL and the Data API, themselves
 * or by a helper, and `unit` for the others, which then start without.
 */
export function testFiles(): { readonly unit: string[]; readonly cloud: string[] } {
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
  const tests = listFiles('.test.ts', 'test');
  return {
    unit: tests.filter((file) => !cloud.has(file)),
    cloud: tests.filter((file) => cloud.has(file)),
  };
}
