import leven from 'leven';
import { Problem, type ProblemEntry } from '../shared/problem.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';
import { shownValue } from '../shared/shown-value.ts';

/**
 * Whether an upload is only to say what it would do. Other parameters of an upload's query mean
 * nothing; but whoever misspells this one does not want the orders stored.
 *
 * @throws {Problem} 400
 */
export function isDryRun({ rawQueryString }: SellerRequest): boolean {
  const query = new URLSearchParams(rawQueryString);
  const values = query.getAll('dry_run');
  for (const name of readings(rawQueryString.replaceAll('?', '&')).flatMap(namesIn)) {
    const isSo = name === 'dry_run' && values.length > 0;
    if (!isSo && looksMeant(name)) {
      throw refusal(name, { code: 'unknown', detail: 'Is called dry_run, after a ? or an &.' });
    }
  }
  if (values.length === 0) return false;
  const [value, ...others] = values;
  if (others.length === 0 && (value === 'true' || value === 'false')) return value === 'true';
  throw refusal('dry_run', {
    code: 'invalid_choice',
    detail: 'Must be true or false, once.',
    ...(others.length === 0 && { value: shownValue(value) }),
  });
}

/** Other than by letters alone, by a wide or a foreign letter, or by a slip of the keys. */
function looksMeant(name: string): boolean {
  const letters = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  const inOrder = (text: string) => [...text].sort().join('');
  return (
    letters === 'dry' ||
    letters.includes('dryrun') ||
    leven(letters, 'dryrun') <= 1 ||
    inOrder(letters) === inOrder('dryrun')
  );
}

/** As it was sent, and decoded up to three times: some programs encode what is encoded. */
function readings(query: string): string[] {
  const all = [query];
  while (all.length < 4) all.push(decoded(all.at(-1) ?? ''));
  return all;
}

const decoded = (query: string) =>
  query.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** Also what is behind a `;` or another `?`, and this one also behind a comma or a space. */
const namesIn = (query: string) => [
  ...new URLSearchParams(query.replaceAll(/;|[, +](?=dry[_-]?run=)/gi, '&')).keys(),
];

function refusal(name: string, error: Omit<ProblemEntry, 'pointer'>): Problem {
  return new Problem(400, {
    detail: 'A query parameter does not fit.',
    errors: [{ pointer: `?${name.slice(0, 100).toWellFormed()}`, ...error }],
    errorsCount: 1,
  });
}
