/**
 * The address of a page without the parameters that are empty; `undefined` where none is. A form
 * sends also what was left empty; the address that one keeps or passes on need not.
 */
export function withoutEmpty(address: string): string | undefined {
  const { pathname, searchParams } = new URL(address);
  const filled = [...searchParams].filter(([, value]) => value !== '');
  if (filled.length === searchParams.size) return undefined;
  const query = new URLSearchParams(filled);
  return query.size === 0 ? pathname : `${pathname}?${query}`;
}
