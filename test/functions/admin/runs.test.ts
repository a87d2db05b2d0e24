import { beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../../db/days.ts';
import type { Entry } from '../../../functions/admin/runs/entries.ts';
import { listPage } from '../../../functions/admin/runs/list.ts';
import { nextRun } from '../../../functions/admin/runs/next-run.ts';
import { runsTable } from '../../../functions/admin/runs/runs-table.ts';
import { emptyTables, RUNS } from '../../helpers/empty-tables.ts';
import { useAdmin } from './pages.ts';

const admin = useAdmin();

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
    expect(runRows(body)).toHaveLength(50);
    expect(runRows(body).slice(0, 4)).toEqual([
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
      seen.push(...runRows(body));
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

describe('the list of nightly runs', () => {
  /** A night that began at 00:15 after its day, or a backfill at some other time. */
  const ran = (
    kind: 'night' | 'backfill',
    from: string,
    to: string,
    startedAt: string,
    more = '',
  ) =>
    `INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, duration_ms,
       days_checked, rows_checked${more && ', drift_found, drift_repaired'})
     VALUES (gen_random_uuid(), '${kind}', '${from}', '${to}', 'succeeded', '${startedAt}', 1000, 7, 10${more})`;
  const night = (day: string, startedAt: string) =>
    ran('night', day, addDays(day, 1), `${startedAt}Z`);

  const NOW = Date.parse('2025-11-20T12:00:00Z');
  const list = (before?: string, nowMs = NOW) => listPage(admin.db, { before, at: '00:15', nowMs });
  const shown = async (nowMs?: number) =>
    rows(runsTable((await list(undefined, nowMs)).entries).toString()).map((row) =>
      row.slice(0, 3),
    );

  beforeEach(() => emptyTables(admin.pg, RUNS));

  it('marks the nights that did not begin, and whether their day was computed since', async () => {
    await admin.pg.query(`
      ${night('2025-11-10', '2025-11-11 00:15')};
      ${night('2025-11-12', '2025-11-13 00:15')};
      ${night('2025-11-16', '2025-11-17 00:15')};
      INSERT INTO proved_days (day, proofs, proved_at) VALUES ('2025-11-11', 1, now())`);
    expect(await shown()).toEqual([
      ['due 2025-11-20 00:15', '2025-11-17 to 2025-11-19', 'MISSING 3 nights, not computed since'],
      ['2025-11-17 00:15', '2025-11-16', 'succeeded'],
      ['due 2025-11-16 00:15', '2025-11-13 to 2025-11-15', 'MISSING 3 nights, not computed since'],
      ['2025-11-13 00:15', '2025-11-12', 'succeeded'],
      ['due 2025-11-12 00:15', '2025-11-11', 'MISSING computed since'],
      ['2025-11-11 00:15', '2025-11-10', 'succeeded'],
    ]);
    await admin.pg.query(`UPDATE proved_days SET proved_at = '2025-11-11T23:59:59Z'`);
    expect((await shown())[4]?.[2]).toBe('MISSING not computed since');
  });

  it('marks a night that did not begin also where its day was computed by hand', async () => {
    await admin.pg.query(`
      ${night('2025-11-17', '2025-11-18 00:15')};
      ${ran('backfill', '2025-11-18', '2025-11-19', '2025-11-19 10:00Z')};
      ${night('2025-11-19', '2025-11-20 00:15')};
      INSERT INTO proved_days (day, proofs, proved_at) VALUES ('2025-11-18', 1, now())`);
    expect(await shown()).toEqual([
      ['2025-11-20 00:15', '2025-11-19', 'succeeded'],
      ['2025-11-19 10:00', '2025-11-18 by hand', 'succeeded'],
      ['due 2025-11-19 00:15', '2025-11-18', 'MISSING computed since'],
      ['2025-11-18 00:15', '2025-11-17', 'succeeded'],
    ]);
  });

  it('counts all nights of a gap, however long it is', async () => {
    await admin.pg.query(`
      ${night('2020-12-24', '2020-12-25 00:15')};
      ${night('2025-11-19', '2025-11-20 00:15')};
      INSERT INTO proved_days (day, proofs, proved_at)
        SELECT '2020-12-24'::date + n, 1, now() FROM generate_series(1, 1790) AS n WHERE n <> 5`);
    expect((await shown())[1]).toEqual([
      'due 2025-11-19 00:15',
      '2020-12-25 to 2025-11-18',
      'MISSING 1,790 nights, not computed since',
    ]);
  });

  it('misses a night only half an hour after it was due, and none before the first', async () => {
    await admin.pg.query(`
      ${ran('backfill', '2025-01-01', '2025-01-08', '2025-11-01 10:00Z')};
      ${night('2025-11-18', '2025-11-19 00:15')}`);
    const [first] = await shown(Date.parse('2025-11-20T00:45:00Z'));
    expect(first?.[0]).toBe('2025-11-19 00:15');
    const rowsLater = await shown(Date.parse('2025-11-20T00:45:01Z'));
    expect(rowsLater.map(([startedAt]) => startedAt)).toEqual([
      'due 2025-11-20 00:15',
      '2025-11-19 00:15',
      '2025-11-01 10:00',
    ]);
  });

  it('takes a night that began late for no missing one', async () => {
    await admin.pg.query(`
      ${night('2025-11-17', '2025-11-18 00:15')};
      ${night('2025-11-18', '2025-11-20 09:00')};
      ${night('2025-11-19', '2025-11-20 00:15')}`);
    expect(await shown()).toHaveLength(3);
  });

  it('folds runs by hand that went on one after the other into a row', async () => {
    await admin.pg.query(`
      ${ran('backfill', '2025-01-01', '2025-01-08', '2025-11-19 10:00Z')};
      ${ran('backfill', '2025-01-08', '2025-01-15', '2025-11-19 10:01Z', ', 2, 2')};
      ${ran('backfill', '2025-01-15', '2025-01-20', '2025-11-19 10:02Z')};
      ${night('2025-11-19', '2025-11-20 00:15')};
      ${ran('backfill', '2025-01-20', '2025-01-21', '2025-11-20 10:00Z')};
      ${ran('backfill', '2025-01-20', '2025-01-21', '2025-11-20 10:01Z')}`);
    const { entries } = await list();
    expect(entries.map(({ kind }) => kind)).toEqual(['run', 'run', 'run', 'backfill']);
    const markup = runsTable(entries).toString();
    expect(rows(markup).at(-1)).toEqual([
      '2025-11-19 10:00',
      expect.stringMatching(/^2025-01-01 to 2025-01-19 by hand3 runs2025-01-15 to 2025-01-19: /),
      'succeeded',
      '2 rows, repaired',
      '21',
      '30',
      '3.0 s',
    ]);
    expect(markup).toContain('<details class="folded"><summary>3 runs</summary>');
    expect(markup).toContain('2025-01-14</time>: succeeded, 1.0 s, 2 rows of drift</li>');
  });

  it('names all days of a folded row, and ends it where its furthest run has ended', async () => {
    await admin.pg.query(`
      ${ran('backfill', '2025-01-01', '2026-01-01', '2025-11-19 10:00Z')};
      ${ran('backfill', '2025-01-03', '2025-01-05', '2025-11-19 10:01Z')}`);
    const folded = async () => (await shown())[0]?.slice(1);
    const days = expect.stringMatching(/^2025-01-01 to 2025-12-31 by hand2 runs/);
    expect(await folded()).toEqual([days, 'succeeded']);
    await admin.pg.query(
      `UPDATE nightly_runs SET status = 'unfinished' WHERE period_to = '2026-01-01'`,
    );
    expect(await folded()).toEqual([days, 'unfinished']);
    await admin.pg.query(ran('backfill', '2025-06-01', '2026-01-01', '2025-11-19 10:02Z'));
    expect(await shown()).toHaveLength(2);
  });

  it('goes on after a folded row, with each missing night on one page', async () => {
    const nights = Array.from({ length: 120 }, (_, i) => addDays('2025-06-01', i));
    const begun = nights.filter((_, i) => i % 3 !== 1);
    // More than a page reads, on the day on which a missing night was due.
    const byHand = Array.from({ length: 250 }, (_, i) => {
      const startedAt = new Date(Date.UTC(2025, 8, 22, 10, i)).toISOString();
      return ran('backfill', addDays('2024-01-01', i), addDays('2024-01-02', i), startedAt);
    });
    await admin.pg.query(
      [...begun.map((day) => night(day, `${addDays(day, 1)} 00:15`)), ...byHand].join(';'),
    );
    const pages: Entry[][] = [];
    for (let before: string | undefined, more = true; more; more = before !== undefined) {
      const { entries, older } = await list(before, Date.parse('2025-09-29T12:00:00Z'));
      pages.push([...entries]);
      before = older;
    }
    expect(pages.length).toBe(3);
    const all = pages.flat();
    expect(all.filter(({ kind }) => kind === 'run')).toHaveLength(80);
    expect(all.filter(({ kind }) => kind === 'backfill')).toHaveLength(2);
    const missing = all.flatMap((entry) => (entry.kind === 'missing' ? entry.firstDay : []));
    expect(missing).toEqual(nights.filter((_, i) => i % 3 === 1).reverse());
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

/** The texts of the runs' cells, without the nights that are missing. */
const runRows = (body: string) => rows(body).filter(([, , status]) => !status?.includes('MISSING'));

/** The texts of all rows' cells. */
function rows(body: string): string[][] {
  const [, tbody = ''] = body.split('<tbody role="rowgroup">');
  return [...tbody.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]+>/g, '').trim(),
    ),
  );
}
