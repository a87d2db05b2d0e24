import { html as honoHtml, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup: what is in it is escaped already. */
export type Html = HtmlEscapedString;

type Value = string | number | bigint | false | null | undefined | Html | readonly Value[];

/**
 * Markup with every value escaped that is not markup itself;
 * lists one after the other, `false` as nothing.
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return honoHtml(strings, ...values) as Html; // a promise only where a value is one
}

/** The one door for text that is not escaped: only for what this code itself has written. */
export function unescaped(markup: string): Html {
  return raw(markup);
}
