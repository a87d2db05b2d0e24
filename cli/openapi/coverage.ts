import { openApiPaths } from './document.ts';

/**
 * How many documented answers were seen, by route and status, and of which statuses none was.
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
  const table = [['route', ...statuses], ['---', ...statuses.map(() => '---:')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const seenStatuses = new Set([...counts.keys()].map((line) => line.split(' ').at(-1)));
  const unseen = statuses.filter((status) => !seenStatuses.has(status));
  return `${table}\n\nOf no route: ${unseen.join(', ') || 'none, all were seen'}`;
}
