import { expect, it, vi } from 'vitest';

const SETS = 105_000;
const json = Buffer.from(
  `[${Array.from({ length: SETS }, (_, i) => `{"name of a field ${i}":0}`).join()}]`,
);

// With these, numbers at the ends of names once looked alike: one process in forty drew such.
it.each([
  346_546_945, 830_536_191, 1_155_031_131, 1_097_671_425,
])('tells nearly all sets of fields apart where a process has drawn %d', async (drawn) => {
  vi.spyOn(Math, 'random').mockReturnValue(drawn / 2 ** 31);
  vi.resetModules();
  const { jsonSize } = await import('../../../functions/upload/json-size.ts');
  expect(jsonSize(json).fieldSets).toBeGreaterThan(0.97 * SETS);
});
