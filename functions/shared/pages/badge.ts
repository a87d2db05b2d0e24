import { type Html, html } from './html.ts';

/** An order's status. It is free text; the colour only helps the eye with the usual ones. */
export function statusBadge(status: string): Html {
  const tone = TONES.find(([pattern]) => pattern.test(status))?.[1] ?? '';
  return html`<span class="badge ${tone}" title="${status}">${status || '(none)'}</span>`;
}

/** The same as a link to the orders that have it; without a status only the badge. */
export function linkedBadge(status: string, href: string): Html {
  return status
    ? html`<a class="of-status" href="${href}">${statusBadge(status)}</a>`
    : statusBadge('');
}

const TONES: readonly (readonly [RegExp, string])[] = [
  [/cancel|return|refund|fail|reject|lost|отмен|возвра|отказ/i, 'bad'],
  [/deliver|complete|done|closed|fulfil|достав|заверш|выполн/i, 'good'],
  [/new|pending|wait|hold|draft|нов|ожид/i, 'warn'],
  [/paid|ship|process|transit|confirm|packed|оплач|отправ|обраб|пути/i, 'info'],
];

/** How a seller's key stands. */
export function keyBadge(state: 'active' | 'expired' | 'revoked'): Html {
  const tone = { active: 'good', expired: 'warn', revoked: 'bad' }[state];
  return html`<span class="badge ${tone}">${state}</span>`;
}
