import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../../functions/shared/problem-codes.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The codes in the first column of the table in docs/api.md. */
function documentedCodes(): string[] {
  const text = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
  const [, table = ''] = /\n\| code \| meaning \|\n(?:\| ---.*\n)((?:\|.*\n)+)/.exec(text) ?? [];
  const firstCells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return firstCells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
}

/** The sources of the functions but the list itself and what is said of them. */
function sources(): string {
  const folder = join(ROOT, 'functions');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/problem-codes\.ts$|contract/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

describe('the codes of errors', () => {
  it('are those that docs/api.md explains, each once', () => {
    expect(documentedCodes().sort()).toEqual([...PROBLEM_CODES].sort());
  });

  it('are all in use', () => {
    const text = sources();
    expect(PROBLEM_CODES.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});
