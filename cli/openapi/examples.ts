import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../functions/shared/is-object.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A code block of a document. */
export interface Example {
  /** Under which heading it stands, without its marks. */
  readonly heading: string;
  /** Its place among those, from 1. */
  readonly nth: number;
  /** Such as `json`; empty where none is said. */
  readonly language: string;
  readonly text: string;
}

/** What stands in a document between two headings. */
interface Section {
  readonly heading: string;
  readonly text: string;
}

/** Every code block of a document, from its beginning to its end. */
export function listExamples(document: string): Example[] {
  return listSections(document).flatMap(({ heading, text: section }) =>
    [...section.matchAll(/^```(\w*)\n(.*?)\n```$/gms)].map(
      ([, language = '', text = ''], i): Example => ({ heading, nth: i + 1, language, text }),
    ),
  );
}

/** What stands under a heading up to the next one, without links to other places of the house. */
export function sectionText(document: string, heading: string): string {
  const section = listSections(document).find((one) => one.heading === heading);
  if (section === undefined) throw new Error(`${document} has no heading "${heading}".`);
  return section.text.replaceAll(/\[([^\]]*)\]\((?!https:)[^)]*\)/g, '$1').trim();
}

/** A section's first paragraph, as text without such links. */
export function firstParagraph(document: string, heading: string): string {
  const paragraphs = sectionText(document, heading).split('\n\n');
  const paragraph = paragraphs.find((text) => /^[A-Z]/.test(text));
  if (paragraph === undefined) throw new Error(`${document} has no text under "${heading}".`);
  return paragraph.replaceAll('\n', ' ');
}

function listSections(document: string): Section[] {
  return readFileSync(join(ROOT, document), 'utf8')
    .split(/^#+ /m)
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return { heading: heading.replaceAll('`', ''), text: section.slice(heading.length + 1) };
    });
}

/** In a document it stands for all further fields of an object. */
export const REST = '…';

/**
 * An example whole: what it leaves out of an object, others have in one with the field that stands
 * before that.
 */
export function completed(example: unknown, others: readonly unknown[]): unknown {
  if (Array.isArray(example)) return example.map((one) => completed(one, others));
  if (!isObject(example)) return example;
  const names = Object.keys(example);
  const rest = REST in example ? findWith(names[names.indexOf(REST) - 1] ?? '', others) : {};
  return Object.fromEntries(
    Object.entries(example).flatMap(([name, value]) =>
      name === REST
        ? Object.entries(rest).filter(([field]) => !Object.hasOwn(example, field))
        : [[name, completed(value, others)]],
    ),
  );
}

/** The first whole object with this field, in these or anywhere within. */
function findWith(name: string, values: readonly unknown[]): Record<string, unknown> {
  const queue = [...values];
  for (const value of queue) {
    if (isObject(value) && !(REST in value) && name in value) return value;
    if (typeof value === 'object' && value !== null) queue.push(...Object.values(value));
  }
  throw new Error(`No example has an object with ${name}.`);
}
