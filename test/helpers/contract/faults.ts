import { appendFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { findOperation, isRouted, type Response, validate } from './document.ts';

/** An answer to a seller's system. */
export interface SeenAnswer {
  readonly method: string;
  /** Without its query, percent-encoded. */
  readonly path: string;
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

/**
 * What the API's document does not say of an answer, or says otherwise. Pages and what people's
 * programs ask for are not its.
 */
export function contractFaults(answer: SeenAnswer): string[] {
  const { method, path, status, headers } = answer;
  const found = findOperation(method, path);
  if (!found) return isRouted(path) ? [] : unroutedFaults(answer);
  note(`${found.route} ${status}`);
  const asked = `${found.route} ${status}`;
  const response = found.responses[status];
  if (!response) return [`${asked} is not documented.`];
  return [
    ...headerFaults(response, headers, status),
    ...bodyFaults(response, answer, found.pointer(status)),
  ].map((fault) => `${asked}: ${fault}`);
}

/** Counted by `npm run openapi -- --coverage FILE`. */
function note(line: string): void {
  const file = process.env.ANSWERS_SEEN;
  if (file) appendFileSync(file, `${line}\n`);
}

/** What any answer may have, as HTTP says it. */
const OF_HTTP = new Set(['content-type', 'content-length', 'date', 'connection', 'keep-alive']);

/** Headers that problems have, and API Gateway's own answers of their status have not. */
const OF_PROBLEMS = new Map([
  [401, 'www-authenticate'],
  [503, 'retry-after'],
]);

function headerFaults(
  { headers: documented = {} }: Response,
  headers: SeenAnswer['headers'],
  status: number,
): string[] {
  const known = new Set(Object.keys(documented).map((name) => name.toLowerCase()));
  const needed = Object.entries(documented)
    .filter(([, { required }]) => required)
    .map(([name]) => name.toLowerCase());
  const ofProblem = OF_PROBLEMS.get(status);
  if (ofProblem && isProblem(headers)) needed.push(ofProblem);
  return [
    ...needed
      .filter((name) => headers[name] === undefined)
      .map((name) => `the header ${name} is missing`),
    ...Object.keys(headers)
      .filter((name) => !known.has(name) && !OF_HTTP.has(name))
      .map((name) => `the header ${name} is not documented`),
  ];
}

const mediaType = (headers: SeenAnswer['headers']) =>
  String(headers['content-type']).split(';')[0] ?? '';

const isProblem = (headers: SeenAnswer['headers']) =>
  mediaType(headers) === 'application/problem+json';

/** @param pointer to the response in the document */
function bodyFaults({ content }: Response, answer: SeenAnswer, pointer: string): string[] {
  if (!content) return answer.body.length > 0 ? ['it has a body'] : [];
  const type = mediaType(answer.headers);
  if (!content[type]) return [`${type} is not documented`];
  return validate(`${pointer}/content/${type.replaceAll('/', '~1')}/schema`, jsonOf(answer));
}

/** What API Gateway answers where there is no route. */
function unroutedFaults(answer: SeenAnswer): string[] {
  const faults = validate('/components/schemas/GatewayMessage', jsonOf(answer));
  return faults.map((fault) => `${answer.method} ${answer.path} ${answer.status}: ${fault}`);
}

function jsonOf({ headers, body }: SeenAnswer): unknown {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return JSON.parse(new TextDecoder().decode(bytes));
}
