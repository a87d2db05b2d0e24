import { readText } from '../architecture/source-files.ts';

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

/** Every code block of a document, from its beginning to its end. */
export function listExamples(document: string): Example[] {
  return readText(document)
    .split(/^#+ /m)
    .flatMap((section) => {
      const heading = /^.*/.exec(section)![0].replaceAll('`', '');
      return [...section.matchAll(/^```(\w*)\n(.*?)\n```$/gms)].map(
        ([, language = '', text = ''], i) => ({ heading, nth: i + 1, language, text }),
      );
    });
}
