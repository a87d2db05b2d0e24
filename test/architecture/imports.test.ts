import { describe, expect, it } from 'vitest';
import { type Import, listImports } from './source-files.ts';

/** Which rooms a room may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  bin: ['cli'],
  cli: ['client', 'local', 'db'],
  client: [],
  db: [],
  functions: ['db'],
  lib: [],
  local: [],
  fixtures: ['db', 'functions'],
  bench: ['cli', 'client', 'db', 'fixtures', 'functions', 'local'],
  test: ['bin', 'cli', 'client', 'db', 'fixtures', 'functions', 'lib', 'local'],
};

/**
 * What a stack and the function that it deploys both need to know: names, and nothing that runs.
 */
const SHARED_NAMES = /^(?:db|functions)\/(?:.+\/)?(?:env|names|routes|[a-z-]+-names)\.ts$/;

const roomOf = (file: string) => file.split('/')[0] ?? '';

function isAllowed({ from, to }: Import): boolean {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === other || MAY_IMPORT[room]?.includes(other)) return true;
  if (from === 'bin/order-analytics.ts') return other === 'lib';
  if (from.startsWith('cli/openapi/') && other === 'functions') return true; // what it describes
  // The admin proxy's pages look as the admin's do.
  if (from.startsWith('cli/admin/') && to.startsWith('functions/shared/pages/')) return true;
  if (room === 'cli') return to === 'lib/names.ts'; // how stacks and their outputs are called
  if (from === 'functions/openapi/handler.ts') return to === 'docs/openapi.json'; // which it serves
  return room === 'lib' && SHARED_NAMES.test(to);
}

/** Each circle of files once, in the order in which they import each other. */
function findCircles(imports: readonly Import[]): string[][] {
  const importsOf = Map.groupBy(imports, ({ from }) => from);
  const finished = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push(trail.slice(start));
    if (start >= 0 || finished.has(file)) return;
    for (const { to } of importsOf.get(file) ?? []) visit(to, [...trail, file]);
    finished.add(file);
  };
  for (const file of importsOf.keys()) visit(file, []);
  return circles;
}

describe('the files', () => {
  const imports = listImports();

  it('import each other', () => {
    expect(imports.length).toBeGreaterThan(1_000); // or the rules below would hold for nothing
  });

  it('import one way only, from room to room', () => {
    const between = imports.filter(({ from }) => from.includes('/'));
    expect(between.filter((one) => !isAllowed(one))).toEqual([]);
  });

  it('import each other in no circle, types included', () => {
    expect(findCircles(imports)).toEqual([]);
  });
});

describe('findCircles', () => {
  it('names a circle of three once, and nothing that only leads to it', () => {
    const edges = ['za', 'ab', 'bc', 'ca', 'ad'].map(([from = '', to = '']) => ({ from, to }));
    expect(findCircles(edges)).toEqual([['a', 'b', 'c']]);
  });
});
