import { Marked, type Tokens } from 'marked';
import { type Html, html, unescaped } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';

/** The id of the section that a code, a route or a title names, if it names one. */
export type FindSection = (name: string) => string | undefined;

/**
 * Turns CommonMark with tables, as the document's descriptions are written, into markup. Code that
 * names a section of the page leads there; HTML is shown as text.
 */
export class Markdown {
  readonly #marked: Marked;

  constructor(find: FindSection) {
    this.#marked = new Marked({
      gfm: true,
      renderer: {
        code: ({ text }: Tokens.Code) => codeBlock(text).toString(),
        codespan: ({ text }: Tokens.Codespan) => linkedCode(find, text).toString(),
        heading({ tokens, depth, text }: Tokens.Heading) {
          const id = depth === 2 ? sectionId(text) : undefined;
          const inner = unescaped(this.parser.parseInline(tokens));
          return heading(id, inner).toString();
        },
        html: ({ text }: Tokens.HTML | Tokens.Tag) => html`${text}`.toString(),
        table(token: Tokens.Table) {
          const cells = (row: Tokens.TableCell[], tag: 'td' | 'th') =>
            row.map(({ tokens }) => cell(tag, unescaped(this.parser.parseInline(tokens))));
          const label = token.header.map(({ text }) => text).join(', ');
          const table = html`<table><thead><tr>${cells(token.header, 'th')}</tr></thead>
<tbody>${token.rows.map((row) => html`<tr>${cells(row, 'td')}</tr>`)}</tbody></table>`;
          return scrollable(`Table: ${label}`, table, 'card').toString();
        },
      },
    });
  }

  blocks(text: string): Html {
    return unescaped(this.#marked.parse(text, { async: false }));
  }

  inline(text: string): Html {
    return unescaped(this.#marked.parseInline(text, { async: false }));
  }
}

/** The id of a guide by its title: `How to retry` is `how-to-retry`. */
export function sectionId(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Code that scrolls in itself where it is wider than the page. */
export function codeBlock(code: string): Html {
  return html`<pre tabindex="0"><code>${code}</code></pre>`;
}

function linkedCode(find: FindSection, text: string): Html {
  const id = find(text);
  return id ? html`<a href="#${id}"><code>${text}</code></a>` : html`<code>${text}</code>`;
}

function heading(id: string | undefined, inner: Html): Html {
  return id ? html`<h2 id="${id}">${inner}</h2>` : html`<h3>${inner}</h3>`;
}

function cell(tag: 'td' | 'th', inner: Html): Html {
  return tag === 'th' ? html`<th scope="col">${inner}</th>` : html`<td>${inner}</td>`;
}
