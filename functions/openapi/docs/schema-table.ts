import { isObject } from '../../shared/is-object.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
import { type ApiDocument, type Parameter, resolveSchema, type Schema } from './api-document.ts';
import type { Markdown } from './markdown.ts';

interface Row {
  readonly name: string;
  readonly isRequired: boolean;
  /** What it is besides its type. */
  readonly place?: string;
  readonly schema: Schema;
  readonly description: string;
}

export function parametersTable(
  document: ApiDocument,
  markdown: Markdown,
  label: string,
  parameters: readonly Parameter[],
): Html {
  const rows = parameters.map(
    ({ name, in: place, required = false, schema, description }): Row => ({
      name,
      isRequired: required,
      ...(place !== 'query' && { place }),
      schema,
      description,
    }),
  );
  return table(document, markdown, label, rows);
}

/** The fields of an object, and of what is in it, by their paths: `orders[].items[].sku`. */
export function fieldsTable(
  document: ApiDocument,
  markdown: Markdown,
  label: string,
  schema: Schema,
): Html {
  return table(document, markdown, label, listFields(document, schema));
}

/** How far down fields are listed, so that an order in an order's change ends. */
const MAX_DEPTH = 3;

function listFields(document: ApiDocument, schema: Schema, path = '', depth = 0): Row[] {
  const { properties = {}, required = [], items, anyOf } = resolveSchema(document, schema);
  if (items) return listFields(document, items, `${path}[]`, depth);
  const of = anyOf?.find((one) => isComposite(resolveSchema(document, one)));
  if (of) return listFields(document, of, path, depth);
  return Object.entries(properties).flatMap(([name, inner]) => {
    if (!inner) return [];
    const own = resolveSchema(document, inner);
    const fieldPath = path === '' ? name : `${path}.${name}`;
    const row: Row = {
      name: fieldPath,
      isRequired: required.includes(name),
      schema: own,
      description: descriptionOf(own),
    };
    const within = depth < MAX_DEPTH ? listFields(document, own, fieldPath, depth + 1) : [];
    return [row, ...within];
  });
}

const isComposite = ({ properties, items }: Schema) => Boolean(properties ?? items);

const descriptionOf = ({ description, anyOf = [] }: Schema): string =>
  description ?? anyOf.map((one) => one.description).find(isText) ?? '';

const isText = (text: string | undefined) => text !== undefined;

function table(
  document: ApiDocument,
  markdown: Markdown,
  label: string,
  rows: readonly Row[],
): Html {
  const content = html`<table>
<caption class="hidden">${label}</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.map(
    ({ name, isRequired, place, schema, description }) => html`<tr>
<th scope="row"><code>${breakable(name)}</code>${isRequired && html` <span class="needed">needed</span>`}</th>
<td>${typeOf(document, schema)}${place && html` <span class="muted">in the ${place}</span>`}</td>
<td>${description && markdown.inline(description)}${limitsOf(document, schema)}</td></tr>`,
  )}</tbody></table>`;
  return scrollable(label, content, 'card fields-table');
}

/** A path that may go on in the next line after a dot. */
function breakable(path: string): Html {
  return html`${path.split('.').map((part, i) => html`${i > 0 && html`.<wbr>`}${part}`)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

function typeOf(document: ApiDocument, schema: Schema): string {
  const { type, format, items, anyOf, const: only } = resolveSchema(document, schema);
  if (anyOf) {
    const names = anyOf.map((one) => typeOf(document, one));
    return [...new Set(names)].join(' or ');
  }
  if (only !== undefined) return JSON.stringify(only);
  if (items) return `list of ${typeOf(document, items)}s`;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return types.map((one) => nameOf(one, format)).join(' or ');
}

function nameOf(type: string, format: string | undefined): string {
  if (format === 'decimal') return type === 'number' ? 'amount' : 'amount as text';
  if (type === 'null') return 'null';
  if (format === 'date-time') return 'instant';
  if (format === 'date') return 'day';
  if (format === 'uuid') return 'UUID';
  return TYPES[type] ?? type;
}

function limitsOf(document: ApiDocument, schema: Schema): Html | false {
  const limits = listLimits(document, schema);
  return limits.length > 0 && html` <span class="muted">${limits.join('; ')}.</span>`;
}

function listLimits(document: ApiDocument, schema: Schema): string[] {
  const resolved = resolveSchema(document, schema);
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = resolved;
  const within = resolved.items ? listLimits(document, resolved.items) : [];
  const possible = resolved.anyOf?.flatMap((one) => listLimits(document, one)) ?? [];
  return [
    ...(resolved.enum ? [`One of ${resolved.enum.join(', ')}`] : []),
    ...range(minLength, maxLength, 'characters'),
    ...range(minimum, maximum),
    ...range(minItems, maxItems, 'values'),
    ...(isObject(resolved.items) ? within.map((one) => `Each: ${one}`) : []),
    ...new Set(possible),
    ...(resolved.default === undefined ? [] : [`Default ${JSON.stringify(resolved.default)}`]),
  ];
}

function range(from: number | undefined, to: number | undefined, unit = ''): string[] {
  if (to === undefined) return from && unit ? ['Not empty'] : [];
  const [least, most] = [from ?? 0, to].map((limit) => limit.toLocaleString('en-US'));
  return [`From ${least} to ${most} ${unit}`.trim()];
}
