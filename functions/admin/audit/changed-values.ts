import type { ListedLine } from '../../../db/audit/list-lines.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

/** What was there before and after, a line for each value that the log has. */
export function changedValues({ before, after }: ListedLine): Html | string {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (names.length === 0) return '–';
  return html`${names.map(
    (name) =>
      html`<div><span class="muted">${nameText(name)}:</span> ${shown(before, name)} → ${shown(after, name)}</div>`,
  )}`;
}

/** `expires_at` as `expires`, `orders_count` as `orders` */
const nameText = (name: string) => name.replace(/_(at|count)$/, '').replaceAll('_', ' ');

function shown(values: ListedLine['before'], name: string): string {
  const value = values?.[name];
  if (value === undefined) return '–';
  if (value === null || value === '') return 'none';
  const text = String(value);
  return name.endsWith('_at') ? minute(text) : text;
}
