import { type Html, html } from '../../shared/pages/html.ts';
import { type FieldName, type ListInput, listHref, SORTS } from './input.ts';
import { type OfferedStatus, statusField } from './status-field.ts';

/**
 * Search and filters, with what was typed and what is wrong with it,
 * and the filters in use to take away.
 *
 * @param statuses those that may be chosen
 */
export function filterForm(input: ListInput, statuses: readonly OfferedStatus[]): Html {
  const { typed, errors } = input;
  const isRefused = FILTERS.some((name) => errors[name]);
  return html`<form class="card filter" action="/admin/orders" role="search">
  <div class="search">
    <label for="q" class="hidden">Search</label>
    <input id="q" name="q" type="search" value="${typed.q ?? ''}" placeholder="Order number, seller, SKU or words of an item" autocomplete="off"${invalid(input, 'q')}>
    <button class="primary">Search</button>
  </div>
  ${fieldError(input, 'q')}
  <details class="filters"${isRefused && html` open`}>
    <summary>Filters</summary>
    ${statusField(input, statuses)}
    <div class="fields">
      ${field(input, 'seller', 'Seller', html`type="text" autocomplete="off"`)}
      ${field(input, 'from', 'First day', html`type="date"`)}
      ${field(input, 'to', 'Last day', html`type="date"`)}
      ${field(input, 'changed', 'Changed since', html`type="date"`)}
      ${field(input, 'min', 'Total from', html`type="text" inputmode="decimal"`)}
      ${field(input, 'max', 'Total to', html`type="text" inputmode="decimal"`)}
      <div><label for="sort">Sort by</label><select id="sort" name="sort"${invalid(input, 'sort')}>${Object.entries(
        SORTS,
      ).map(
        ([value, text]) =>
          html`<option value="${value === 'newest' ? '' : value}"${value === input.sort && html` selected`}>${text}</option>`,
      )}</select>${fieldError(input, 'sort')}</div>
      <div class="apply"><button>Apply</button></div>
    </div>
  </details>
  ${chips(input)}
</form>`;
}

const FILTERS = ['status', 'seller', 'from', 'to', 'changed', 'min', 'max', 'sort'] as const;

const CHIPS = [
  ['q', 'Search'],
  ['status', 'Status'],
  ['seller', 'Seller'],
  ['from', 'From'],
  ['to', 'To'],
  ['changed', 'Changed since'],
  ['min', 'At least'],
  ['max', 'At most'],
] as const satisfies readonly (readonly [FieldName, string])[];

/** The filters in use; each of several statuses by itself. */
function chips(input: ListInput): Html | false {
  const { typed } = input;
  const used = CHIPS.flatMap(([name, text]) =>
    [typed[name] ?? []].flat().map((value) => ({
      text,
      value,
      without:
        name === 'status'
          ? { status: typed.status?.filter((other) => other !== value) }
          : { [name]: undefined },
    })),
  );
  if (used.length === 0) return false;
  return html`<ul class="chips" aria-label="Filters in use">${used.map(
    ({ text, value, without }) =>
      html`<li><a href="${listHref(input, without)}"><span class="muted">${text}</span> ${value} <span aria-hidden="true">×</span><span class="hidden">: remove</span></a></li>`,
  )}<li><a class="clear" href="/admin/orders">Clear all</a></li></ul>`;
}

function field(
  input: ListInput,
  name: Exclude<FieldName, 'status'>,
  label: string,
  attributes: Html,
): Html {
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${input.typed[name] ?? ''}" ${attributes}${invalid(input, name)}>${fieldError(input, name)}</div>`;
}

function invalid({ errors }: ListInput, name: FieldName): Html | undefined {
  return errors[name] ? html` aria-invalid="true" aria-describedby="${name}-error"` : undefined;
}

function fieldError({ errors }: ListInput, name: FieldName): Html | undefined {
  return errors[name]
    ? html`<p class="field-error" id="${name}-error">${errors[name]}</p>`
    : undefined;
}
