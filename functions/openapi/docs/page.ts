import { head } from '../../shared/pages/head.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { type ApiDocument, listOperations, type RoutedOperation } from './api-document.ts';
import { codeBlock, Markdown, sectionId } from './markdown.ts';
import { operationSection } from './operations.ts';
import { problemSections, sectionOfCode } from './problems.ts';
import { KEY_VARIABLE, URL_VARIABLE } from './snippets.ts';
import { DOCS_STYLE } from './style.ts';

/** The whole page for people, made of the document for machines. */
export function docsPage(document: ApiDocument): string {
  const operations = listOperations(document);
  const idByRoute = new Map(
    operations.map(({ method, path, operationId }) => [`${method} ${path}`, operationId]),
  );
  const markdown = new Markdown((name) => idByRoute.get(name) ?? sectionOfCode(name));
  const { title, version, description } = document.info;
  const guides = [...description.matchAll(/^## (.*)$/gm)].map(([, guide = '']) => guide);
  const [introduction = '', ...texts] = description.split(/^(?=## )/m);
  return html`<!DOCTYPE html>
<html lang="en">
${head(`${title} · API`, DOCS_STYLE)}
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="#main"><span class="brand-mark" aria-hidden="true"></span>${title}</a>
  <p class="muted">API ${version} · <a href="/api/openapi.json">OpenAPI document</a></p>
</header>
<div class="columns">
${contents(guides, operations)}
<main id="main" tabindex="-1">
<h1>The API</h1>
${markdown.blocks(introduction)}
${beginning()}
${texts.map((text) => html`<section class="guide">${markdown.blocks(text)}</section>`)}
<h2 id="routes">Routes</h2>
${operations.map((operation) => operationSection(document, markdown, operation))}
<h2 id="problems">Problems</h2>
<p>Errors are problem details (RFC 9457). Their <code>type</code> is an address of a section here: of the code that all <code>errors</code> have, or of the status.</p>
${problemSections(document, markdown)}
</main>
</div>
<footer class="foot">Times are UTC. Amounts are decimals with two places.</footer>
</body>
</html>
`.toString();
}

/** What the programs on the page need around them. */
function beginning(): Html {
  const setting = `export ${URL_VARIABLE}=https://…
export ${KEY_VARIABLE}=oa_live_…`;
  return html`<section class="guide"><h2 id="running-the-examples">Running the examples</h2>
<p>Programs on this page read where to ask, and with which key, from the environment: this host without a slash at its end, and your key.</p>
${codeBlock(setting)}
<p>curl's work in a POSIX shell, JavaScript's as modules in Node.js 20 or later, Python's with <code>requests</code>. JavaScript's own numbers are binary fractions: where sums may have more than 15 digits, use the client library, which keeps every one.</p>
</section>`;
}

function contents(guides: readonly string[], operations: readonly RoutedOperation[]): Html {
  return html`<nav class="contents" aria-label="Contents"><details>
<summary>Contents</summary>
<ul>
<li><a href="#running-the-examples">Running the examples</a></li>
${guides.map((guide) => html`<li><a href="#${sectionId(guide)}">${guide}</a></li>`)}
<li><a href="#routes">Routes</a><ul>${operations.map(
    ({ operationId, method, path }) =>
      html`<li><a href="#${operationId}"><span class="method ${method.toLowerCase()}">${method}</span> ${path.replace('/api', '')}</a></li>`,
  )}</ul></li>
<li><a href="#problems">Problems</a></li>
</ul>
</details></nav>`;
}
