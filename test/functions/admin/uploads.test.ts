import { beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { order, orders } from '../../helpers/orders.ts';
import { linkTo, useAdmin, visibleText } from './pages.ts';

const admin = useAdmin();
let ids: Record<'first' | 'second' | 'deletion' | 'undoing', string>;
beforeAll(async () => {
  const seller = changesOf(admin);
  const first = await seller.upload(...orders(3, 'o-'), order({ order_number: 'gone' }));
  const second = await seller.upload(
    order({ order_number: 'o-1', status: 'wrong' }),
    order({ order_number: 'new' }),
  );
  const deletion = await seller.remove(['gone']);
  const undoing = await seller.undo(second.upload_id);
  ids = {
    first: String(first.upload_id),
    second: String(second.upload_id),
    deletion: String(deletion.upload_id),
    undoing: String(undoing.upload_id),
  };
  await admin.pg.query(`
    INSERT INTO users (username) VALUES ('busy & co');
    INSERT INTO uploads (id, user_id, xid, key_id, request_id, orders_count, items_count, orders_created, created_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, u.id, n::text::xid8, 'busykey', 'r', n, n, n, '2020-01-01'
    FROM users AS u, generate_series(1, 120) AS n WHERE username = 'busy & co'`);
});

const open = async (id: string) => visibleText((await admin.get(`/admin/uploads/${id}`)).body);

describe('the list of uploads', () => {
  it('has those of all sellers, the latest first, each with what it changed', async () => {
    const page = await admin.get('/admin/uploads');
    const rows = [...page.body.matchAll(/<tr role="row">\s*<th scope="row".*?<\/tr>/gs)].map(
      ([row]) => visibleText(row).replace(/^\d{4}-\d\d-\d\d \d\d:\d\d /, ''),
    );
    expect(rows).toHaveLength(50);
    expect(rows.slice(0, 5)).toEqual([
      expect.stringMatching(/ Undoing 0 1 1 0 /),
      expect.stringMatching(/ Deletion 0 0 1 0 /),
      expect.stringMatching(/ Upload 1 1 0 0 /),
      expect.stringMatching(/ Upload 4 0 0 0 /),
      'busy & co Upload 120 0 0 0 busykey',
    ]);
  });

  it("leads through all of one seller's once", async () => {
    const seen: string[] = [];
    let address: string | undefined = '/admin/uploads?seller=busy%20%26%20co';
    while (address) {
      const page = await admin.get(address);
      seen.push(
        ...[...page.body.matchAll(/href="\/admin\/uploads\/([\da-f-]{36})"/g)].map((m) => m[1]!),
      );
      address = page.body.includes('rel="next"') ? linkTo(page, 'Older uploads →') : undefined;
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  it.each(['before=1', 'seller=%00', 'other=1'])('refuses %s', async (query) => {
    expect((await admin.get(`/admin/uploads?${query}`)).statusCode).toBe(400);
  });

  it('has none of a seller who is not there, and does not lead to one', async () => {
    const page = await admin.get('/admin/uploads?seller=nobody');
    expect(visibleText(page.body)).toContain('No seller is called nobody .');
    expect(page.body).not.toContain('/admin/sellers/nobody');
    expect(page.body).toContain('No uploads');
  });

  it('leads to the seller who is found by a name in another case', async () => {
    await admin.pg.query(`INSERT INTO users (username) VALUES ('Silent')`);
    for (const [typed, name] of [
      ['BUSY %26 CO', 'busy & co'],
      ['silent', 'Silent'],
    ]) {
      const page = await admin.get(`/admin/uploads?seller=${typed}`);
      expect((await admin.get(linkTo(page, name!))).statusCode).toBe(200);
    }
    const page = await admin.get('/admin/uploads?seller=BUSY%20%26%20CO');
    expect(linkTo(page, 'Older uploads →')).toContain('?seller=busy%20%26%20co&before=');
  });
});

describe('the list of refused uploads', () => {
  beforeAll(() =>
    admin.pg.query(`
      INSERT INTO users (username) VALUES ('refused');
      INSERT INTO upload_refusals (user_id, day, code, first_at, last_at, refusals_count, status, key_id, request_id, pointer, errors_count)
      SELECT id, '2020-01-01'::date + n, code, '2020-01-01'::date + n, ('2020-01-01'::date + n) + interval '10 hours',
        n, 400, 'refusedkey', '<b>request</b>', '', 1
      FROM users, generate_series(1, 20) AS n, unnest('{taken,status-413}'::text[]) AS code
      WHERE username IN ('refused', 'busy & co') AND (username = 'refused' OR n = 7) AND (n > 1 OR code = 'taken')`),
  );
  const rows = (body: string) =>
    [...(body.split('id="refusals"')[1] ?? '').matchAll(/<th scope="row".*?<\/tr>/gs)]
      .map(([row]) => visibleText(row))
      .filter((row) => row.includes('refusedkey'));

  it('has the latest of one seller first, as many as a page shows', async () => {
    const { body } = await admin.get('/admin/uploads?seller=refused');
    const shown = rows(body);
    expect(shown).toHaveLength(20);
    expect(shown[0]).toBe(
      '2020-01-21 10:00 00:00 400 The body or the query does not fit the rules. Nothing was done. 20 refusedkey <b>request</b>',
    );
    expect(shown[1]).toContain('2020-01-21 10:00 00:00 400 taken Another seller has an order');
    expect(shown[19]).toContain('2020-01-12 10:00');
    expect(visibleText(body)).toContain('These are the latest 20; there may be more.');
    expect(body).not.toContain('<b>');
  });

  it('is all of a seller with few, leads from all sellers to each, and is nothing further down', async () => {
    const few = await admin.get('/admin/uploads?seller=busy%20%26%20co');
    expect(rows(few.body)).toHaveLength(2);
    expect(visibleText(few.body)).not.toContain('These are the latest');
    const all = await admin.get('/admin/uploads');
    expect(linkTo(all, '2020-01-21 10:00')).toBe('/admin/uploads?seller=refused');
    const older = await admin.get(linkTo(all, 'Older uploads →'));
    expect(older.body).not.toContain('id="refusals"');
  });
});

describe("an upload's page", () => {
  it('names the orders that are as it left them, and those that were changed or deleted since', async () => {
    expect(await open(ids.first)).toMatch(
      /Created 4 Updated 0 Deleted 0 Left alone 0 .* Still as it left them o-0 o-2 Changed or deleted since (o-1 gone|gone o-1)/,
    );
  });

  it('and what it has taken back lead to each other', async () => {
    const second = await admin.get(`/admin/uploads/${ids.second}`);
    expect(linkTo(second, 'an undoing')).toBe(`/admin/uploads/${ids.undoing}`);
    const undoing = await admin.get(`/admin/uploads/${ids.undoing}`);
    expect(linkTo(undoing, 'an upload')).toBe(`/admin/uploads/${ids.second}`);
    expect(visibleText(undoing.body)).toContain('Still as it left them o-1 version 3');
    expect(visibleText(undoing.body)).toContain('Deleted by it new');
  });

  it('names what it has deleted, whose numbers may be of other orders by now', async () => {
    expect(await open(ids.deletion)).toContain('Named 1 order');
    expect(await open(ids.deletion)).toContain('Deleted by it gone');
    const numberOf = async (id: string) => (await admin.get(`/admin/uploads/${id}`)).body;
    expect(await numberOf(ids.deletion)).not.toContain('href="/admin/orders/gone"');
    await changesOf(admin, 'another').upload(order({ order_number: 'gone' }));
    for (const id of [ids.deletion, ids.first]) {
      expect(await numberOf(id)).not.toContain('href="/admin/orders/gone"');
    }
    expect(await numberOf(ids.first)).toContain('href="/admin/orders/o-1"');
  });

  it('is not called taken back by an undoing that found nothing to do', async () => {
    const seller = changesOf(admin, 'undoer');
    const first = await seller.upload(order({ order_number: 'u' }));
    const second = await seller.upload(order({ order_number: 'u', status: 'later' }));
    const inVain = await seller.undo(first.upload_id, {
      keyId: 'key',
      requestId: 'vain',
      idempotencyKey: 'vain',
      bodySha256: `${'A'.repeat(43)}=`,
    });
    expect(inVain.upload_id).not.toBeNull();
    expect(await open(String(first.upload_id))).not.toContain('Taken back by');
    await seller.undo(second.upload_id);
    const real = await seller.undo(first.upload_id);
    const page = await admin.get(`/admin/uploads/${first.upload_id}`);
    expect(linkTo(page, 'an undoing')).toBe(`/admin/uploads/${real.upload_id}`);
    const again = await seller.undo(real.upload_id);
    const undoing = await admin.get(`/admin/uploads/${again.upload_id}`);
    expect(visibleText(undoing.body)).toContain('Takes back an undoing');
  });

  it('is none for another id', async () => {
    for (const id of ['1', '%00', '00000000-0000-7000-8000-999999999999']) {
      expect((await admin.get(`/admin/uploads/${id}`)).statusCode).toBe(404);
    }
  });
});
