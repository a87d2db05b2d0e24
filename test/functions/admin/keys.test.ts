import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey, rotateKey } from '../../../db/keys/seller-keys.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { linkTo, useAdmin, visibleText } from './pages.ts';

const admin = useAdmin();
const anna = { actor: 'arn:aws:sts::123456789012:assumed-role/Ops/anna', requestId: 'r' };
const EVIL = '<i>evil</i>';
const hex = 'ab'.repeat(32);
beforeAll(async () => {
  const key = (id: string, user: string, more = {}) =>
    createKey(
      admin.db,
      { user, id, label: EVIL, scopes: ['stats:read'], secretSha256: hex, ...more },
      SOMEBODY,
    );
  await key('plain0000000', 'tea house');
  await key('revoked00000', 'tea house');
  await revokeKey(admin.db, 'revoked00000', anna);
  await key('rotated00000', EVIL);
  await rotateKey(admin.db, 'rotated00000', { id: 'successor000', secretSha256: hex }, 24, anna);
  await key('soon00000000', EVIL, { expires_at: new Date(Date.now() + 864e5).toISOString() });
  await admin.pg.query(`
    UPDATE seller_keys SET created_at = '2025-11-12T09:30:00Z', last_used_at = '2025-11-12T23:00:00Z'
    WHERE id IN ('plain0000000', 'revoked00000');
    UPDATE seller_keys SET revoked_at = '2025-11-13T20:19:00Z' WHERE id = 'revoked00000';
    INSERT INTO users (username) VALUES ('many');
    INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
    SELECT 'many' || lpad(n::text, 8, '0'), id, 'erp', 'stats:read', sha256(''), '2020-01-01'
    FROM users, generate_series(1, 120) AS n WHERE username = 'many'`);
});

const rowsOf = (body: string) =>
  [...body.matchAll(/<tr role="row">\s*<th scope="row".*?<\/tr>/gs)].map(([row]) =>
    visibleText(row).replaceAll(' ,', ','),
  );
const rowOf = async (id: string, address = '/admin/keys') =>
  rowsOf((await admin.get(address)).body).find((row) => row.startsWith(id)) ?? '';

describe('the keys of all sellers', () => {
  it('are those first that work and end first', async () => {
    const rows = rowsOf((await admin.get('/admin/keys')).body);
    expect(rows.slice(0, 5).map((row) => row.slice(0, 12))).toEqual([
      expect.stringMatching(/rotated00000|soon00000000/),
      expect.stringMatching(/rotated00000|soon00000000/),
      'successor000',
      'plain0000000',
      'revoked00000',
    ]);
    expect(rows).toHaveLength(50);
  });

  it('have a story each that adds up', async () => {
    expect(await rowOf('plain0000000')).toMatch(
      /made 2025-11-12 09:30 by user\/somebody, used 2025-11-12 23:00–24:00, does not end Rotate/,
    );
    expect(await rowOf('revoked00000')).toMatch(
      /used 2025-11-12 23:00–24:00, revoked 2025-11-13 20:19 by assumed-role\/Ops\/anna –$/,
    );
    expect(await rowOf('rotated00000')).toMatch(
      /never used, replaced by successor000 by assumed-role\/Ops\/anna, ends \d{4}-\d\d-\d\d \d\d:\d\d replaced · Revoke/,
    );
    expect(await rowOf('soon00000000')).toMatch(/ends \S+ \S+ ends soon Rotate/);
    expect(await rowOf('many00000120', '/admin/keys?state=expired')).toContain(
      'ended 2020-01-01 00:00',
    );
  });

  it('have the same story on the page of their seller', async () => {
    expect(await rowOf('revoked00000', '/admin/seller?name=tea%20house')).toContain(
      'revoked 2025-11-13 20:19 by assumed-role/Ops/anna',
    );
  });

  it('are shown by state, through all pages once', async () => {
    const seen: string[] = [];
    let address: string | undefined = '/admin/keys?state=expired';
    while (address) {
      const page = await admin.get(address);
      seen.push(...rowsOf(page.body).map((row) => row.slice(0, 12)));
      address = page.body.includes('rel="next"') ? linkTo(page, 'Next →') : undefined;
    }
    expect(seen.length).toBe(120);
    expect(new Set(seen).size).toBe(120);
    const active = rowsOf((await admin.get('/admin/keys?state=active')).body);
    expect(active).toHaveLength(4);
    expect(rowsOf((await admin.get('/admin/keys?state=revoked')).body)).toHaveLength(1);
  });

  it('show nothing secret, and markup as text', async () => {
    const { body } = await admin.get('/admin/keys');
    expect(body).not.toContain('abab');
    expect(body).not.toContain('<i>');
  });

  it.each([
    'state=alive',
    'after=x',
    'after=%00',
    'user=a',
    'state=active&state=expired',
  ])('refuse %s', async (query) => {
    expect((await admin.get(`/admin/keys?${query}`)).statusCode).toBe(400);
  });
});
