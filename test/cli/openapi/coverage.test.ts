import { expect, it } from 'vitest';
import { coverageTable } from '../../../cli/openapi/coverage.ts';

it('counts answers by route and status, those that are documented and were not seen as none', () => {
  const [head = '', , ...rows] = coverageTable(
    'GET /api/whoami 200\nGET /api/whoami 200\nGET /api/whoami 401\n',
  ).split('\n');
  const cellsOf = (row = '') => row.split('|').map((cell) => cell.trim());
  const statuses = cellsOf(head);
  const cells = cellsOf(rows.find((row) => row.includes('GET /api/whoami ')));
  const seen = Object.fromEntries(statuses.map((status, i) => [status, cells[i]]));
  expect(seen).toMatchObject({ 200: '2', 401: '1', 500: '0', 409: '' });
  expect(rows.at(-1)).toMatch(/^Of no route: 304, 400, 403, 404, .*503$/);
});
