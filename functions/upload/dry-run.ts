import { Problem } from '../shared/problem.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';

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
    const isMeant = name
      .toLowerCase()
      .replaceAll(/[^a-z]/g, '')
      .includes('dryrun');
    const isSo = name === 'dry_run' && values.length > 0;
    if (isMeant && !isSo) throw refusal(name, 'unknown', 'Is called dry_run, after a ? or an &.');
  }
  if (values.length === 0) return false;
  const [value] = values;
  if (values.length === 1 && (value === 'true' || value === 'false')) return value === 'true';
  throw refusal('dry_run', 'invalid_choice', 'Must be true or false, once.');
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

/** Also what somebody has put behind a `;`, or another `?`, which separate nothing here. */
const namesIn = (query: string) => [...new URLSearchParams(query.replaceAll(';', '&')).keys()];

function refusal(name: string, code: 'unknown' | 'invalid_choice', detail: string): Problem {
  return new Problem(400, {
    detail: 'A query parameter does not fit.',
    errors: [{ pointer: `?${name.slice(0, 100).toWellFormed()}`, code, detail }],
    errorsCount: 1,
  });
}
