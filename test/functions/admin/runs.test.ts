import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextRun } from '../../../functions/admin/runs/next-run.ts';
import { type AdminPages, openAdmin } from './pages.ts';

let admin: AdminPages;
beforeAll(async () => {
  admin = await openAdmin();
});
afterAll(() => admin.drop());

describe('the page of nightly runs', () => {
  it('says when the first one is due', async () => {
    const { statusCode, body } = await admin.get('/admin/runs');
    expect(statusCode).toBe(200);
    expect(body).toMatch(/The next one is due at <time>\d{4}-\d\d-\d\d 00:15<\/time> UTC/);
    expect(body).toContain('No run yet');
  });

  it('shows what ran, for which days, and what drift it found, newest first', async () => {
    await admin.pg.query(`
      INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, duration_ms,
        days_checked, rows_checked, drift_found, drift_repaired, error)
      SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'night',
        '2025-01-01'::date + n, '2025-01-01'::date + n + 1, 'succeeded',
        '2025-01-02T00:15:00Z'::timestamptz + n * interval '1 day', 850, 4, 1234, 0, 0, NULL
      FROM generate_series(1, 118) AS n;
      INSERT INTO nightly_runs VALUES
        ('10000000-0000-0000-0000-000000000000', 'backfill', '2025-01-01', '2025-02-01', 'failed',
         '2025-05-02T10:00:00Z', NULL, 75_000, 31, 62, 2, 1, NULL, '<script>x</script>'),
        ('15000000-0000-0000-0000-000000000000', 'night', '2025-05-01', '2025-05-02', 'succeeded',
         '2025-05-02T00:15:00Z', NULL, 850, 4, 1234, 0, 0, NULL, NULL),
        ('20000000-0000-0000-0000-000000000000', 'night', '2025-05-02', '2025-05-03', 'running',
         '2025-05-03T00:15:00Z', NULL, NULL, NULL, NULL, 0, 0, NULL, NULL);
      UPDATE nightly_runs SET orders_damaged = 3 WHERE id = '15000000-0000-0000-0000-000000000000'`);
    const { body } = await admin.get('/admin/runs');
    expect(rows(body)).toHaveLength(50);
    expect(rows(body).slice(0, 4)).toEqual([
      ['2025-05-03 00:15', '2025-05-02', 'running', 'none', '–', '–', '–'],
      [
        '2025-05-02 10:00',
        '2025-01-01 to 2025-01-31 by hand',
        'failed&lt;script&gt;x&lt;/script&gt;',
        '2 rows, 1 repaired',
        '31',
        '62',
        '1 min 15 s',
      ],
      [
        '2025-05-02 00:15',
        '2025-05-01',
        'succeeded',
        'none 3 orders damaged',
        '4',
        '1,234',
        '850 ms',
      ],
      ['2025-04-30 00:15', '2025-04-29', 'succeeded', 'none', '4', '1,234', '850 ms'],
    ]);
  });

  it('goes on to older runs, each of them once, and back to the newest', async () => {
    const seen: string[][] = [];
    let address: string | undefined = '/admin/runs';
    let pages = 0;
    while (address) {
      const { body }: { body: string } = await admin.get(address);
      seen.push(...rows(body));
      pages += 1;
      expect(body.includes('href="/admin/runs">Newest runs</a>')).toBe(pages > 1);
      address = /href="(\/admin\/runs\?before=[^"]+)"/.exec(body)?.[1];
    }
    expect(pages).toBe(3);
    expect(new Set(seen.map(([startedAt]) => startedAt)).size).toBe(121);
  });

  it('refuses what is no run', async () => {
    expect((await admin.get("/admin/runs?before=1'")).statusCode).toBe(400);
  });
});

describe('nextRun', () => {
  it.each([
    ['2025-11-12T00:14:59.999Z', '2025-11-12 00:15'],
    ['2025-11-12T00:15:00Z', '2025-11-13 00:15'],
    ['2025-12-31T23:59:00Z', '2026-01-01 00:15'],
  ])('after %s is %s', (now, next) => {
    expect(nextRun('00:15', Date.parse(now))).toBe(next);
  });
});

/** The texts of the runs' cells. */
function rows(body: string): string[][] {
  const [, tbody = ''] = body.split('<tbody role="rowgroup">');
  return [...tbody.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]+>/g, '').trim(),
    ),
  );
}
