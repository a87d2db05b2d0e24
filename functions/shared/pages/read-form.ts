import { Problem } from '../problem.ts';

/**
 * The fields of a form that was sent, each of which is there once, and no other.
 *
 * @throws {Problem} 400
 */
export function readForm<Name extends string>(
  body: string,
  names: readonly Name[],
): Record<Name, string> {
  const form = new URLSearchParams(body);
  const fields = names.map((name) => [name, form.getAll(name)] as const);
  if (form.size !== names.length || fields.some(([, values]) => values.length !== 1)) {
    throw new Problem(400, { detail: 'The form is not as its page has it. Open that page again.' });
  }
  return Object.fromEntries(fields.map(([name, [value]]) => [name, value])) as Record<Name, string>;
}
