import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, readText } from './source-files.ts';

/**
 * Written as code and beginning with a folder of ours:
 * `db/schema.ts`, `test/local/`, `functions/*`.
 */
const PATH = /`((?:bench|bin|cli|db|docs|functions|lib|local|test|\.ci|\.github)\/[\w./*-]*)`/g;
const LINK = /\]\(([^)\s#]*)(?:#([^)\s]*))?\)/g;
/** A test is quoted by its file and title: `test/x.test.ts`, "does this". */
const QUOTED_TEST = /`(test\/[\w./-]+\.test\.ts)`[,:]? "([^"]+)"/g;
const HEADING = /^#+ (.*)$/gm;

const withoutStar = (path: string) => path.replace(/[\w.-]*\*.*$/, '');

/** The address of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (document: string) =>
  [...readText(document).matchAll(HEADING)].map(([, heading = '']) => anchorOf(heading));

describe.each(listFiles('.md'))('%s', (document) => {
  const text = readText(document);
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');

  it('names only paths that exist', () => {
    const paths = [...prose.matchAll(PATH)].map(([, path = '']) => withoutStar(path));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('links only to what exists', () => {
    const links = [...prose.matchAll(LINK)].map(([, to = '', anchor]) => ({ to, anchor }));
    const broken = links.filter(({ to, anchor }) => {
      if (/^[a-z]+:/.test(to)) return false;
      const target = to === '' ? document : join(dirname(document), to);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('quotes only tests that there are', () => {
    const quoted = [...prose.matchAll(QUOTED_TEST)];
    const missing = quoted.filter(([, file = '', title = '']) => !readText(file).includes(title));
    expect(missing.map(([quotation]) => quotation)).toEqual([]);
  });
});
