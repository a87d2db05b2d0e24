import { SCOPES, type Scope } from '../../routes.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { type Html, html } from '../../shared/pages/html.ts';
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
    <input id="user" name="user" required maxlength="50" autocomplete="off" value="${typed.user}"${described(errors, 'user')}>
    <p class="hint" id="user-hint">A seller that is not there yet is made.</p>${fieldError(errors, 'user')}</div>
  <div><label for="label">Label</label>
    <input id="label" name="label" maxlength="100" autocomplete="off" value="${typed.label}"${described(errors, 'label')}>
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

/**
 * Asks before a key is made.
 * @param id the key's, so that the form makes one however often it is sent
 */
export function confirmPage(typed: TypedKey, id: string): Html {
  const { user, label, scopes, last_day } = typed;
  return html`<div class="narrow">
<h1>Create this key?</h1>
<form class="card pad form" method="post" action="/admin/keys/new">
  <dl class="summary">
    <dt>Seller</dt><dd>${user}</dd>
    <dt>Label</dt><dd>${label || 'unnamed'}</dd>
    <dt>May</dt><dd>${scopes.join(', ')}</dd>
    <dt>Expires</dt><dd>${last_day ? `at the end of ${last_day} (UTC)` : 'never'}</dd>
  </dl>
  <p class="hint">The key is shown once, on the next page. Have the place ready where it is kept.</p>
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
