/** A request of which programs are written. */
export interface SnippetRequest {
  readonly method: string;
  /** With its query, percent-encoded. */
  readonly address: string;
  /** Whether it asks for a seller's key. */
  readonly hasKey: boolean;
  /** JSON that is sent, as it is to be shown. */
  readonly body?: string;
}

export interface Snippet {
  readonly language: 'curl' | 'JavaScript' | 'Python';
  readonly code: string;
}

/** The environment variables that snippets read, so that no key stands in a program. */
export const URL_VARIABLE = 'ORDER_ANALYTICS_URL';
export const KEY_VARIABLE = 'ORDER_ANALYTICS_KEY';

/** The same request in each language; each prints the answer and fails where it is an error. */
export function snippetsOf(request: SnippetRequest): Snippet[] {
  return [
    { language: 'curl', code: curl(request) },
    { language: 'JavaScript', code: javaScript(request) },
    { language: 'Python', code: python(request) },
  ];
}

function curl({ method, address, hasKey, body }: SnippetRequest): string {
  const isPlain = method === (body === undefined ? 'GET' : 'POST');
  return [
    `curl --fail-with-body ${isPlain ? '' : `-X ${method} `}"$${URL_VARIABLE}${address}"`,
    ...(hasKey ? [`-H "Authorization: Bearer $${KEY_VARIABLE}"`] : []),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(body)}`]),
  ].join(' \\\n  ');
}

/** For a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function javaScript({ method, address, hasKey, body }: SnippetRequest): string {
  const headers = [
    ...(hasKey ? [`authorization: \`Bearer \${process.env.${KEY_VARIABLE}}\``] : []),
    ...(body === undefined ? [] : ["'content-type': 'application/json'"]),
  ];
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length === 0
      ? []
      : ['  headers: {', ...headers.map((one) => `    ${one},`), '  },']),
    ...(body === undefined ? [] : [`  body: JSON.stringify(${indented(body, '  ')}),`]),
  ];
  const url = `\`\${process.env.${URL_VARIABLE}}${address}\``;
  const call =
    options.length === 0 ? `fetch(${url})` : `fetch(${url}, {\n${options.join('\n')}\n})`;
  return `const response = await ${call};
const answer = await response.json();
if (!response.ok) throw new Error(answer.detail ?? answer.message);
console.log(answer);`;
}

function python({ method, address, hasKey, body }: SnippetRequest): string {
  const options = [
    `"${method}"`,
    `os.environ["${URL_VARIABLE}"] + "${address}"`,
    ...(hasKey ? [`headers={"Authorization": "Bearer " + os.environ["${KEY_VARIABLE}"]}`] : []),
    ...(body === undefined ? [] : [`json=${indented(pythonOf(body), '    ')}`]),
    'timeout=45',
  ];
  return `import os
from decimal import Decimal

import requests

response = requests.request(
${options.map((one) => `    ${one},`).join('\n')}
)
answer = response.json(parse_float=Decimal)
if not response.ok:
    raise RuntimeError(answer.get("detail") or answer.get("message"))
print(answer)`;
}

/** JSON as Python writes the same value. */
function pythonOf(json: string): string {
  const words: Readonly<Record<string, string>> = { null: 'None', true: 'True', false: 'False' };
  return json.replace(/"(?:[^"\\]|\\.)*"|\b(?:null|true|false)\b/g, (text) => words[text] ?? text);
}

const indented = (text: string, indent: string) => text.replaceAll('\n', `\n${indent}`);
