import { STATUS_CODES } from 'node:http';
import { isObject } from '../../shared/is-object.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { problemSection } from '../../shared/problem-type.ts';
import {
  type ApiDocument,
  type Content,
  type Response,
  type RoutedOperation,
  resolveResponse,
  resolveSchema,
} from './api-document.ts';
import { exampleJson } from './example-json.ts';
import { codeBlock, type Markdown } from './markdown.ts';
import { fieldsTable, parametersTable } from './schema-table.ts';
import { type SnippetRequest, snippetsOf } from './snippets.ts';

const JSON_TYPE = 'application/json';

/** All that is said of one route. */
export function operationSection(
  document: ApiDocument,
  markdown: Markdown,
  operation: RoutedOperation,
): Html {
  const { operationId, method, path, summary, description, parameters = [] } = operation;
  const { requestBody, responses } = operation;
  const route = `${method} ${path}`;
  return html`<section class="operation" id="${operationId}">
<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${path.split('/').map((part, i) => html`${i > 0 && html`/<wbr>`}${part}`)}</code></h3>
<p class="summary-line">${summary}.</p>
${markdown.blocks(description)}
<p class="muted">${needs(operation)}</p>
${snippets(document, operation)}
${
  parameters.length > 0 &&
  html`<h4>Parameters</h4>
${parametersTable(document, markdown, `Parameters of ${route}`, parameters)}`
}
${
  requestBody &&
  html`<h4>The body</h4>
${markdown.blocks(requestBody.description)}
${fieldsTable(document, markdown, `Fields of the body of ${route}`, requestBody.content[JSON_TYPE]?.schema ?? {})}`
}
<h4>Answers</h4>
${success(document, markdown, route, responses['200']?.content)}
${refusals(document, route, responses)}
</section>`;
}

function needs({ security }: RoutedOperation): Html {
  const scopes = security.flatMap(({ sellerKey }) => sellerKey);
  if (security.length === 0) return html`It asks for no key.`;
  return scopes.length > 0
    ? html`Needs a key with the scope ${scopes.map((scope) => html`<code>${scope}</code>`)}.`
    : html`Any key opens it.`;
}

/** The request of a route's programs: of its parameters, those that the document gives a value. */
export function requestOf(document: ApiDocument, operation: RoutedOperation): SnippetRequest {
  const { method, parameters = [], requestBody, security } = operation;
  const query = new URLSearchParams();
  let { path } = operation;
  for (const { name, in: place, example } of parameters) {
    const values = Array.isArray(example) ? example : [example];
    for (const value of values.filter((one) => typeof one === 'string')) {
      if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
      else query.append(name, value);
    }
  }
  const body = exampleTexts(document, requestBody?.content).at(0);
  return {
    method,
    address: query.size > 0 ? `${path}?${query}` : path,
    hasKey: security.length > 0,
    ...(body !== undefined && { body }),
  };
}

function snippets(document: ApiDocument, operation: RoutedOperation): Html {
  const { operationId } = operation;
  return html`<div class="snippets">${snippetsOf(requestOf(document, operation)).map(
    ({ language, code }, i) => html`<details name="${operationId}"${i === 0 && html` open`}>
<summary>${language}</summary>
${codeBlock(code)}
</details>`,
  )}</div>`;
}

function success(
  document: ApiDocument,
  markdown: Markdown,
  route: string,
  content: Content | undefined,
): Html {
  const schema = resolveSchema(document, content?.[JSON_TYPE]?.schema ?? {});
  const forms = schema.anyOf ?? [schema];
  return html`<p><span class="badge good">200</span></p>
${exampleTexts(document, content).map((text) => codeBlock(text))}
${forms
  .filter((form) => isObject(form.properties))
  .map(
    (
      form,
      i,
    ) => html`<details class="fields-of"><summary>Fields of the answer${i > 0 && ', in its other form'}</summary>
${fieldsTable(document, markdown, `Fields of the answer of ${route}${i > 0 ? ', in its other form' : ''}`, form)}</details>`,
  )}`;
}

function exampleTexts(document: ApiDocument, content: Content | undefined): string[] {
  const media = content?.[JSON_TYPE];
  return Object.values(media?.examples ?? {}).map(({ value }) =>
    exampleJson(document, value, media?.schema ?? {}),
  );
}

/** The statuses that are no success, each with the codes that come with it here. */
function refusals(
  document: ApiDocument,
  route: string,
  responses: RoutedOperation['responses'],
): Html {
  const others = Object.entries(responses).filter(([status]) => status !== '200');
  return html`<dl class="statuses" aria-label="Other answers of ${route}">${others.map(
    ([status, response]) => html`<dt>${statusLink(Number(status))}</dt>
<dd>${listCodes(document, response).map((code) => html`<a href="#${code}"><code>${code}</code></a> `)}</dd>`,
  )}</dl>`;
}

function statusLink(status: number): Html {
  const text = `${status} ${STATUS_CODES[status]}`;
  return status < 400 ? html`${text}` : html`<a href="#${problemSection(status)}">${text}</a>`;
}

function listCodes(document: ApiDocument, response: Response): string[] {
  const { content = {} } = resolveResponse(document, response);
  const { errors } = content['application/problem+json']?.schema.properties ?? {};
  return errors?.items?.properties?.code?.enum?.map(String) ?? [];
}
