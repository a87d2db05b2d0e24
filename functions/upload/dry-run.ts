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
  for (const name of query.keys()) {
    const isMeant = name.toLowerCase().replaceAll(/[^a-z]/g, '') === 'dryrun';
    if (isMeant && name !== 'dry_run') throw refusal(name, 'unknown', 'Is called dry_run.');
  }
  const values = query.getAll('dry_run');
  if (values.length === 0) return false;
  const [value] = values;
  if (values.length === 1 && (value === 'true' || value === 'false')) return value === 'true';
  throw refusal('dry_run', 'invalid_choice', 'Must be true or false, once.');
}

function refusal(name: string, code: 'unknown' | 'invalid_choice', detail: string): Problem {
  return new Problem(400, {
    detail: 'A query parameter does not fit.',
    errors: [{ pointer: `?${name.slice(0, 100).toWellFormed()}`, code, detail }],
    errorsCount: 1,
  });
}
