import { STATUS_CODES } from 'node:http';
import { type Html, html } from '../../shared/pages/html.ts';
import {
  isProblemStatus,
  Problem,
  type ProblemOptions,
  type ProblemStatus,
} from '../../shared/problem.ts';
import { isProblemCode, PROBLEM_CODES, type ProblemCode } from '../../shared/problem-codes.ts';
import { problemSection } from '../../shared/problem-type.ts';
import type { ApiDocument } from './api-document.ts';
import { CODE_TEXTS } from './code-texts.ts';
import { exampleJson } from './example-json.ts';
import { codeBlock, type Markdown } from './markdown.ts';
import { STATUS_TEXTS, type StatusText } from './status-texts.ts';

/** As docs/api.md shows one. */
const REQUEST_ID = 'JKJaXmPLvHcESHA=';

/** The sections that the types of problems lead to: what it means, an example, what to do. */
export function problemSections(document: ApiDocument, markdown: Markdown): Html {
  return html`
<h3 class="group">By status</h3>
${Object.entries(STATUS_TEXTS).map(([status, text]) => statusSection(document, markdown, Number(status), text))}
<h3 class="group">By code</h3>
${PROBLEM_CODES.map((code) => codeSection(document, markdown, code))}`;
}

function statusSection(
  document: ApiDocument,
  markdown: Markdown,
  status: number,
  { means, fix, detail }: StatusText,
): Html {
  const codes = PROBLEM_CODES.filter((code) => CODE_TEXTS[code].example.status === status);
  const example = isProblemStatus(status)
    ? detail && problemJson(document, status, { detail })
    : exampleJson(document, { message: STATUS_CODES[status] }, {});
  return html`<section class="card pad problem" id="${problemSection(status)}">
<h4>${status} ${STATUS_CODES[status]}</h4>
${markdown.blocks(means)}
${codes.length > 0 && html`<p>With these codes: ${codes.map((code) => html`<a href="#${code}"><code>${code}</code></a> `)}</p>`}
${example && codeBlock(example)}
<p><strong>What to do:</strong> ${markdown.inline(fix)}</p>
</section>`;
}

function codeSection(document: ApiDocument, markdown: Markdown, code: ProblemCode): Html {
  const { means, fix, example } = CODE_TEXTS[code];
  const { status } = example;
  const sectionOfStatus = problemSection(status);
  return html`<section class="card pad problem" id="${problemSection(status, code)}">
<h4><code>${code}</code> <a class="badge" href="#${sectionOfStatus}">${status}</a></h4>
<p>${markdown.inline(means)}</p>
${codeBlock(exampleOf(document, code))}
<p><strong>What to do:</strong> ${markdown.inline(fix)}</p>
</section>`;
}

/** An answer in which all that is wrong has the code, as JSON. */
export function exampleOf(document: ApiDocument, code: ProblemCode): string {
  const { status, detail, entry } = CODE_TEXTS[code].example;
  const { pointer, ...rest } = entry;
  const errors = [{ ...(pointer !== undefined && { pointer }), code, ...rest }];
  return problemJson(document, status, { detail, errors, errorsCount: 1 });
}

/** As the functions answer it. */
function problemJson(
  document: ApiDocument,
  status: ProblemStatus,
  options: ProblemOptions,
): string {
  const { body } = new Problem(status, options).toResponse(REQUEST_ID);
  return exampleJson(document, JSON.parse(body), {});
}

/** The section of a code, where a text is one. */
export function sectionOfCode(text: string): string | undefined {
  return isProblemCode(text) ? text : undefined;
}
