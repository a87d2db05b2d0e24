import { SCOPES, type Scope } from '../../routes.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { inUnits } from '../../shared/pages/in-units.ts';
import type { KeyFormErrors, TypedKey } from './key-form.ts';

const SCOPE_TEXTS: Readonly<Record<Scope, string>> = {
  'orders:write': 'Upload orders',
  'orders:read': 'Read orders back',
  'stats:read': 'Read statistics',
};

/** The form, with what was typed and what is wrong with it. */
export function formPage(typed: TypedKey, errors: KeyFormErrors): Html {
  const isRefused = Object.keys(errors).length > 0;
  return html`<div class="narrow">
<h1>New key</h1>
<p class="lead">With a key a seller’s system calls the API. It acts for this one seller and nobody else.</p>
<form class="card pad form" action="/admin/keys/new/confirm">
  ${isRefused && html`<p class="field-error" role="alert">Something in the form does not fit.</p>`}
  <div><label for="user">Seller</label>
    <input id="user" name="user" required maxlength="${inUnits(50)}" autocomplete="off" value="${typed.user}"${described(errors, 'user')}>
    <p class="hint" id="user-hint">A seller that is not there yet is made.</p>${fieldError(errors, 'user')}</div>
  <div><label for="label">Label</label>
    <input id="label" name="label" maxlength="${inUnits(100)}" autocomplete="off" value="${typed.label}"${described(errors, 'label')}>
    <p class="hint" id="label-hint">Which system has it, so that it can be told from others.</p>${fieldError(errors, 'label')}</div>
  <fieldset><legend>What it may do</legend>${SCOPES.map(
    (scope) => html`
    <label class="check"><input type="checkbox" name="scope" value="${scope}"${typed.scopes.includes(scope) && html` checked`}> ${SCOPE_TEXTS[scope]} <code>${scope}</code></label>`,
  )}${fieldError(errors, 'scopes')}</fieldset>
  <div><label for="last_day">Last day (UTC)</label>
    <input id="last_day" name="last_day" type="date" value="${typed.last_day}"${described(errors, 'last_day')}>
    <p class="hint" id="last_day-hint">Empty for a key that does not expire.</p>${fieldError(errors, 'last_day')}</div>
  <p class="actions"><button class="primary">Continue</button>
    ${typed.user && html`<a class="button" href="${sellerAddress(typed.user)}">Cancel</a>`}</p>
</form>
</div>`;
}

export interface ConfirmPage {
  readonly typed: TypedKey;
  /** The key's, so that the form makes one however often it is sent. */
  readonly id: string;
  /** Whether the seller is made with the key. */
  readonly isNewSeller: boolean;
  /** Sellers of nearly the name of a new one. */
  readonly near: readonly string[];
}

/** Asks before a key is made, and a seller with it. */
export function confirmPage({ typed, id, isNewSeller, near }: ConfirmPage): Html {
  const { user, label, scopes, last_day } = typed;
  return html`<div class="narrow">
<h1>Create this key?</h1>
<form class="card pad form" method="post" action="/admin/keys/new">
  <dl class="summary">
    <dt>Seller</dt><dd>${isNewSeller && html`<span class="badge warn">NEW seller</span> `}${user}</dd>
    <dt>Label</dt><dd>${label || 'unnamed'}</dd>
    <dt>May</dt><dd>${scopes.join(', ')}</dd>
    <dt>Expires</dt><dd>${last_day ? `at the end of ${last_day} (UTC)` : 'never'}</dd>
  </dl>
  <p class="hint">The key is shown once, on the next page. Have the place ready where it is kept.</p>
  ${isNewSeller && newSeller(typed, near)}
  <input type="hidden" name="id" value="${id}">
  <input type="hidden" name="user" value="${user}">
  <input type="hidden" name="label" value="${label}">
  ${scopes.map((scope) => html`<input type="hidden" name="scope" value="${scope}">`)}
  <input type="hidden" name="last_day" value="${last_day}">
  <p class="actions"><button class="primary">Create key</button>
    <a class="button" href="${changeHref(typed)}">Change</a></p>
</form>
</div>`;
}

/** A slip of the keys makes no seller: where there are names like it, one has to say so. */
function newSeller(typed: TypedKey, near: readonly string[]): Html {
  const { user } = typed;
  if (near.length === 0) {
    return html`<p>No seller is called so yet: it is made with this key.</p>
  <input type="hidden" name="new_seller" value="${user}">`;
  }
  return html`<p>No seller is called so yet, but there ${near.length === 1 ? 'is' : 'are'}
  ${near.map((name, i) => html`${i > 0 && ', '}<a href="${changeHref({ ...typed, user: name })}">${name}</a>`)}.</p>
  <label class="check"><input type="checkbox" name="new_seller" value="${user}" required> Make a new seller called ${user}</label>`;
}

function changeHref({ user, label, scopes, last_day }: TypedKey): string {
  const query = new URLSearchParams({ user, label, last_day });
  for (const scope of scopes) query.append('scope', scope);
  return `/admin/keys/new?${query}`;
}

/** What describes a field: its hint, and what is wrong with it. */
function described(errors: KeyFormErrors, field: keyof TypedKey): Html {
  return errors[field]
    ? html` aria-invalid="true" aria-describedby="${field}-hint ${field}-error"`
    : html` aria-describedby="${field}-hint"`;
}

function fieldError(errors: KeyFormErrors, field: keyof TypedKey): Html | undefined {
  const error = errors[field];
  return error ? html`<p class="field-error" id="${field}-error">${error}</p>` : undefined;
}
