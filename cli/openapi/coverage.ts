import { openApiPaths } from './document.ts';

/**
 * How many documented answers were seen, by route and status.
 *
 * @param seen a line for each answer, such as `GET /api/orders 200`
 */
export function coverageTable(seen: string): string {
  const counts = new Map<string, number>();
  for (const line of seen.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  const routes = Object.entries(openApiPaths()).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      documented: Object.keys(responses),
    })),
  );
  const statuses = [...new Set(routes.flatMap(({ documented }) => documented))].sort();
  const rows = routes.map(({ route, documented }) => [
    route,
    ...statuses.map((status) =>
      documented.includes(status) ? `${counts.get(`${route} ${status}`) ?? 0}` : '',
    ),
  ]);
  return [['route', ...statuses], ['---', ...statuses.map(() => '---:')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
