import { describe, expect, it } from 'vitest';
import { listKeys } from '../../../db/keys/list-keys.ts';
import { generateKey, parseKey } from '../../../functions/shared/key-format.ts';
import { adminEvent, linkTo, VIEWER } from '../admin/pages.ts';
import { keyIn, useKeyPages } from './key-pages.ts';

const pages = useKeyPages();
const { existingKey, test } = pages;

describe('rotating a key', () => {
  it('asks, then shows the key that comes in its place', async () => {
    const id = await existingKey('rotating');
    const asked = await pages.get(`/admin/keys/${id}/rotate`);
    expect(asked.statusCode).toBe(200);
    expect(asked.body).toContain(id);
    expect(asked.body).not.toContain('<script');
    const made = await pages.post(`/admin/keys/${id}/rotate`, { overlap_hours: '1' });
    expect(made.statusCode).toBe(201);
    const newId = parseKey(keyIn(made.body), 'test')?.id;
    const keys = await listKeys(test.db, 'rotating');
    expect(keys?.find((key) => key.id === id)).toMatchObject({ replaced_by: newId });

    const again = await pages.post(`/admin/keys/${id}/rotate`, { overlap_hours: '1' });
    expect([again.statusCode, again.body]).toEqual([409, expect.stringContaining('is replaced')]);
    const looked = await pages.get(`/admin/keys/${id}/rotate`);
    expect(looked.statusCode).toBe(409);
    for (const answer of [again, looked]) {
      expect(linkTo(answer, 'Back to rotating')).toBe('/admin/sellers/rotating');
    }
  });

  it('says how long the old key is still remembered where there is no overlap', async () => {
    const id = await existingKey('at once');
    const { body: asked } = await pages.get(`/admin/keys/${id}/rotate`);
    expect(asked).toContain('refused from now on, within a minute where it was just in use');
    expect(asked).not.toContain('stops now');
    const made = await pages.post(`/admin/keys/${id}/rotate`, { overlap_hours: '0' });
    expect(made.body).toContain('refused from now on, within a minute where it was just in use');
    expect(made.body).not.toContain('works until');
  });

  it('leaves the old key a day unless told otherwise, and refuses what is no number of hours', async () => {
    const id = await existingKey('overlap');
    for (const overlap_hours of ['x', ' ', '-1', '0x1', '1e1']) {
      expect((await pages.post(`/admin/keys/${id}/rotate`, { overlap_hours })).statusCode).toBe(
        400,
      );
    }
    expect((await pages.post(`/admin/keys/${id}/rotate`, {})).statusCode).toBe(201);
    const { rows } = await test.pg.query(
      `SELECT expires_at > now() + interval '23 hours' AS later FROM seller_keys WHERE id = $1`,
      [id],
    );
    expect(rows).toEqual([{ later: true }]);
  });
});

describe('revoking a key', () => {
  it('says in which hour it was last used, as nothing nearer is kept', async () => {
    const id = await existingKey('used');
    await test.pg.query(
      `UPDATE seller_keys SET last_used_at = '2026-11-27T23:00:00Z' WHERE id = $1`,
      [id],
    );
    const { body } = await pages.get(`/admin/keys/${id}/revoke`);
    expect(body).toContain('<dt>Last used</dt><dd>2026-11-27 23:00–24:00</dd>');
  });

  it('asks, and does it once, however often it is sent', async () => {
    const id = await existingKey('revoking');
    const asked = await pages.get(`/admin/keys/${id}/revoke`);
    expect(asked.body).toContain('Revoke this key?');
    expect(await listKeys(test.db, 'revoking')).toMatchObject([{ state: 'active' }]);
    for (let i = 0; i < 2; i++) {
      const { statusCode, body } = await pages.post(`/admin/keys/${id}/revoke`, {});
      expect([statusCode, body]).toEqual([200, expect.stringContaining('The key is revoked')]);
    }
    expect(await listKeys(test.db, 'revoking')).toMatchObject([{ state: 'revoked' }]);
    expect((await pages.get(`/admin/keys/${id}/revoke`)).body).not.toContain('<form');
    expect((await pages.get(`/admin/keys/${id}/rotate`)).statusCode).toBe(409);
  });
});

describe('the forms of keys', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port', { 'sec-fetch-site': 'same-site' }],
    ['nobody knows where', { 'sec-fetch-site': '' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ])('are not taken from %s', async (_where, headers) => {
    const id = await existingKey('forged');
    for (const path of [
      '/admin/keys/new',
      `/admin/keys/${id}/rotate`,
      `/admin/keys/${id}/revoke`,
    ]) {
      const fields = { user: 'forged', scope: 'stats:read', id: generateKey('test').id };
      const { statusCode, body } = await pages.post(path, fields, headers);
      expect([statusCode, body]).toEqual([403, expect.stringContaining('Nothing was done')]);
    }
    const keys = await listKeys(test.db, 'forged');
    expect(keys?.every(({ state, replaced_by }) => state === 'active' && !replaced_by)).toBe(true);
  });

  it('are taken as forms alone', async () => {
    const id = await existingKey('typed');
    const { statusCode } = await pages.post(
      `/admin/keys/${id}/revoke`,
      {},
      { 'content-type': 'text/plain' },
    );
    expect(statusCode).toBe(415);
  });

  it('are read up to 64 KiB', async () => {
    const id = await existingKey('endless');
    const { statusCode } = await pages.post(`/admin/keys/${id}/revoke`, {
      x: 'x'.repeat(64 * 1024),
    });
    expect(statusCode).toBe(413);
    expect(await listKeys(test.db, 'endless')).toMatchObject([{ state: 'active' }]);
  });

  it('are for nobody whom API Gateway does not know', async () => {
    const event = adminEvent('/admin/keys/new');
    Object.assign(event.requestContext, { authorizer: undefined });
    expect(await pages.send(event)).toMatchObject({ statusCode: 403 });
  });

  it('say that there is no such key, and who is looking', async () => {
    for (const what of ['rotate', 'revoke']) {
      const asked = await pages.get(`/admin/keys/abcdefabcdef/${what}`);
      expect([asked.statusCode, asked.body]).toEqual([404, expect.stringContaining(VIEWER)]);
      expect((await pages.post(`/admin/keys/abcdefabcdef/${what}`, {})).statusCode).toBe(404);
    }
    expect((await pages.get('/admin/keys/x/y')).statusCode).toBe(404);
  });
});
