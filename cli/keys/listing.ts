import type { Key } from './request.ts';

/** A seller's keys, each with what has happened to it. Times are UTC. */
export function storiesOf(keys: readonly Key[]): string {
  if (keys.length === 0) return 'The seller has no keys.';
  return keys.map(storyOf).join('\n\n');
}

function storyOf(key: Key): string {
  const { id, state, label, scopes, created_at, expires_at, revoked_at, replaced_by } = key;
  const end = [
    ...(replaced_by ? [`replaced by ${replaced_by}`] : []),
    ...(state === 'active' && !expires_at ? ['does not end'] : []),
    ...(state === 'active' && expires_at ? [`ends ${minute(expires_at)}`] : []),
    ...(state === 'expired' && expires_at ? [`ended ${minute(expires_at)}`] : []),
    ...(revoked_at ? [`revoked ${minute(revoked_at)}`] : []),
  ];
  return [
    `${id}  ${state.padEnd(7)}  ${cut(label, 56)}`.trimEnd(),
    `  ${scopes.join(', ')}`,
    `  made ${minute(created_at)}, ${usedText(key)}`,
    `  ${end.join(', ')}`,
  ].join('\n');
}

/** The use is known to the hour. */
function usedText({ last_used_at }: Key): string {
  if (last_used_at === null) return 'never used';
  const from = minute(last_used_at);
  return `used ${from}–${String(Number(from.slice(11, 13)) + 1).padStart(2, '0')}:00`;
}

/** The keys of all sellers, a line each of at most 80 columns. Days are UTC. */
export function tableOfAll(keys: readonly Key[]): string {
  if (keys.length === 0) return 'There are no keys.';
  const rows = keys.map((key) => [
    key.id,
    key.state,
    cut(key.user, 18),
    cut(key.label, 13),
    key.last_used_at?.slice(0, 10) ?? 'never',
    endOf(key),
  ]);
  const table = [['ID', 'STATE', 'SELLER', 'LABEL', 'USED', 'ENDS'], ...rows];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The day on which it has ended or is to end. */
function endOf({ expires_at, revoked_at }: Key): string {
  const ends = [expires_at, revoked_at].filter((instant) => instant !== null).toSorted();
  return ends[0]?.slice(0, 10) ?? 'never';
}

const minute = (instant: string) => instant.slice(0, 16).replace('T', ' ');

/** What steers a terminal or turns what is around it: of labels from before they were refused. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function cut(text: string, length: number): string {
  const shown = text.replace(STEERING, '�');
  return shown.length <= length ? shown : `${shown.slice(0, length - 1).toWellFormed()}…`;
}
