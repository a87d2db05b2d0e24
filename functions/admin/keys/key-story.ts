import type { KeyStory } from '../../../db/admin/key-stories.ts';
import { hour, minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { personName } from '../../shared/pages/person-name.ts';

/** What has happened to a key, in order: made, used, replaced, and how it ended or is to end. */
export function keyStory(key: KeyStory): Html {
  const { state, created_at, expires_at, revoked_at, replaced_by } = key;
  const chapters = [
    html`made ${time(minute(created_at))}${by(key.created_by)}`,
    usedText(key),
    replaced_by !== null &&
      html`replaced by <code class="unbroken">${replaced_by}</code>${by(key.rotated_by)}`,
    state === 'active' &&
      (expires_at === null ? 'does not end' : html`ends ${time(minute(expires_at))}`),
    state === 'expired' && html`ended ${time(minute(expires_at ?? ''))}`,
    revoked_at !== null && html`revoked ${time(minute(revoked_at))}${by(key.revoked_by)}`,
  ].filter((chapter) => chapter !== false);
  return html`${chapters.map((chapter, i) => html`${i > 0 && ', '}${chapter}`)}${
    key.ends_soon && html` <span class="badge warn">ends soon</span>`
  }`;
}

const time = (text: string) => html`<time>${text}</time>`;

const by = (arn: string | null) =>
  arn !== null && html` by <span title="${arn}">${personName(arn)}</span>`;

/** The use is known to the hour: `used 2026-11-27 20:00–21:00`. */
function usedText({ last_used_at }: KeyStory): Html | string {
  return last_used_at === null ? 'never used' : html`used ${time(hour(last_used_at))}`;
}
