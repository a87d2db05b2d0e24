import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../db/keys/seller-keys.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { linkTo, useAdmin, visibleText } from './pages.ts';

const admin = useAdmin();
const anna = { actor: 'arn:aws:sts::123456789012:assumed-role/Ops/anna', requestId: 'r-anna' };
const EVIL = `<i>"'&`;
beforeAll(async () => {
  const key = (user: string, id: string) => ({
    user,
    id,
    label: 'secret label',
    scopes: ['stats:read'],
    secretSha256: 'ab'.repeat(32),
  });
  await createKey(admin.db, key('tea house', 'teakey'), SOMEBODY);
  await createKey(admin.db, key(EVIL, 'evilkey'), anna);
  await revokeKey(admin.db, 'teakey', anna);
  await admin.pg.query(`
    INSERT INTO users (username) VALUES ('gone'), ('busy');
    INSERT INTO audit_log (id, actor, action, seller_id, target, request_id, before)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'arn:busy', 'order.delete', id,
      'A-' || n, 'r', '{"total_amount": "1.00"}'
    FROM users, generate_series(1, 120) AS n WHERE username = 'busy';
    INSERT INTO audit_log (actor, action, seller_id, request_id)
    SELECT 'arn:eraser', 'seller.erase', id, 'r' FROM users WHERE username = 'gone';
    DELETE FROM users WHERE username = 'gone'`);
});

const rowsOf = (body: string) =>
  [...body.matchAll(/<tr role="row">\s*<th scope="row".*?<\/tr>/gs)].map(([row]) =>
    visibleText(row),
  );

describe('the audit log', () => {
  it('says who did what when, to what, from what to what, the latest first', async () => {
    const page = await admin.get('/admin/audit');
    const rows = rowsOf(page.body).map((row) =>
      row.replace(/^\d{4}(-\d\d){2} \d\d:\d\d:\d\d /, ''),
    );
    expect(rows).toHaveLength(50);
    expect(rows.slice(0, 7)).toEqual([
      expect.stringMatching(/^arn:eraser Seller erased no\. \d+ erased – –$/),
      'assumed-role/Ops/anna Key revoked tea house teakey state: active → revoked',
      `assumed-role/Ops/anna Key made ${EVIL} evilkey scopes: – → stats:read expires: – → none`,
      `assumed-role/Ops/anna Seller made ${EVIL} – username: – → ${EVIL}`,
      'user/somebody Key made tea house teakey scopes: – → stats:read expires: – → none',
      'user/somebody Seller made tea house – username: – → tea house',
      'arn:busy Order deleted busy A-120 total amount: 1.00 → –',
    ]);
    expect(page.body).not.toContain('secret label');
    expect(page.body).not.toContain('<i>');
  });

  it.each([
    [`actor=${encodeURIComponent(anna.actor)}`, 3],
    ['action=key.create', 2],
    ['target=teakey', 2],
    ['target=A-7', 1],
    ['seller=tea%20house', 3],
    [`seller=tea%20house&actor=${encodeURIComponent(anna.actor)}`, 1],
    ['seller=tea%20house&actor=nobody', 0],
    ['seller=TEA%20HOUSE', 3],
    ['seller=nobody', 0],
  ])('shows what fits %s', async (query, count) => {
    const page = await admin.get(`/admin/audit?${query}`);
    expect(page.statusCode).toBe(200);
    expect(rowsOf(page.body)).toHaveLength(count);
  });

  it('leads by a line to all of who did it, of what was done, and of an erased seller', async () => {
    const page = await admin.get('/admin/audit');
    const of = async (text: string) => rowsOf((await admin.get(linkTo(page, text))).body);
    expect(await of('assumed-role/Ops/anna')).toHaveLength(3);
    expect(await of('Seller made')).toHaveLength(2);
    const [number = ''] = /no\. \d+/.exec(page.body) ?? [];
    expect(await of(number)).toHaveLength(1);
    const erased = await admin.get(linkTo(page, number));
    expect(erased.body).not.toContain('type="hidden"'); // or another seller would not be found
    expect(erased.body).toContain(`name="seller_id" inputmode="numeric"`);
  });

  it('leads through all lines once', async () => {
    const seen: string[] = [];
    let address: string | undefined = '/admin/audit?seller=busy';
    while (address) {
      const page = await admin.get(address);
      seen.push(...rowsOf(page.body).map((row) => /A-\d+/.exec(row)?.[0] ?? ''));
      address = page.body.includes('rel="next"') ? linkTo(page, 'Older lines →') : undefined;
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => `A-${120 - i}`));
  });

  it('has an address without what was left empty in the form', async () => {
    const page = await admin.get('/admin/audit?seller=&actor=&action=key.create');
    expect([page.statusCode, page.headers?.location]).toEqual([
      302,
      '/admin/audit?action=key.create',
    ]);
  });

  it.each([
    'action=key.steal',
    'seller=x%00',
    `seller=${'x'.repeat(101)}`,
    `actor=${'x'.repeat(1_001)}`,
    'seller_id=1%20OR%201',
    'before=yesterday',
    `target=${'x'.repeat(101)}`,
    'whom=me',
    'seller=a&seller=b',
  ])('refuses %s', async (query) => {
    expect((await admin.get(`/admin/audit?${query}`)).statusCode).toBe(400);
  });
});
