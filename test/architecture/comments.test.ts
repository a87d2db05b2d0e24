import { describe, expect, it } from 'vitest';
import { listFiles, readText } from './source-files.ts';

const { formatter } = JSON.parse(readText('biome.json')) as { formatter: { lineWidth: number } };

/** They had landed when the rule came, and a landed migration is never edited. */
const FROZEN = /^db\/migrations\/(?:000\d|0010)-/;
const ADDRESS = /https?:\/\/\S+/;

/** Where a comment goes beyond the width that code has, though it could be wrapped. */
function wideComments(file: string, text: string): string[] {
  let isOpen = false;
  return text.split('\n').flatMap((line, i) => {
    const isComment = isOpen || /^\s*\/\*| \/\/ |^\s*\/\//.test(line);
    isOpen = (isOpen || /^\s*\/\*/.test(line)) && !line.includes('*/');
    const { length } = line.replace(ADDRESS, '');
    const isWide = isComment && length > formatter.lineWidth && !line.includes('biome-ignore');
    return isWide ? [`${file}:${i + 1}`] : [];
  });
}

describe('comments', () => {
  it('are no wider than code may be', () => {
    const files = listFiles('.ts').filter((file) => !FROZEN.test(file));
    expect(files.flatMap((file) => wideComments(file, readText(file)))).toEqual([]);
  });
});

describe('wideComments', () => {
  const words = 'word '.repeat(20);

  it.each([
    ['a line of its own', `// ${words}`],
    ['behind code', `const a = 1; // ${words}`],
    ['in a block', `/**\n * ${words}\n */`, 2],
    ['a block in one line', `  /** ${words} */`],
  ])('names %s', (_what, text, line = 1) => {
    expect(wideComments('a.ts', text)).toEqual([`a.ts:${line}`]);
  });

  it.each([
    ['code', `const a = '${words}';`],
    ['SQL that begins with a sign of a block', `sql\`\n * ${words}\``],
    ['what cannot be wrapped', `// https://example.com/${'x'.repeat(100)}`],
    ['what biome reads', `// biome-ignore lint/x: ${words}`],
  ])('leaves %s', (_what, text) => {
    expect(wideComments('a.ts', text)).toEqual([]);
  });
});
