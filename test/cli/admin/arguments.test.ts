import { expect, it } from 'vitest';
import { readAdminArguments } from '../../../cli/admin/arguments.ts';

it.each([
  [['export', '--no-open'], '--no-open does not go with export;'],
  [['--items'], '--items goes with export alone;'],
])('npm run admin refuses what it would ignore of %j', (args, sentence) => {
  expect(() => readAdminArguments(args)).toThrow(sentence);
});
