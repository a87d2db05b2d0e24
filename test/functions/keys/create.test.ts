import { describe, expect, it } from 'vitest';
import { listKeys } from '../../../db/keys/list-keys.ts';
import { parseKey } from '../../../functions/shared/key-format.ts';
import { hiddenEntries } from '../admin/forms.ts';
import { adminEvent, linkTo } from '../admin/pages.ts';
import { EVIL, keyIn, useKeyPages } from './key-pages.ts';

const pages = useKeyPages();
const { existingKey, test } = pages;

describe('making a key', () => {
  const answers = 'user=test_seller&label=erp&scope=stats%3Aread&last_day=2999-12-31';

  it('is a form, a page that asks, and the key, shown once', async () => {
    const form = await pages.get('/admin/keys/new?user=test_seller');
    expect(form.statusCode).toBe(200);
    expect(form.body).toContain('value="test_seller"');

    const asked = await pages.get(`/admin/keys/new/confirm?${answers}`);
    expect(asked.statusCode).toBe(200);
    expect(asked.body).toContain('at the end of 2999-12-31 (UTC)');
    expect(await listKeys(test.db, 'test_seller')).toBeUndefined();

    const made = await pages.post('/admin/keys/new', hiddenEntries(asked.body));
    expect(made.statusCode).toBe(201);
    expect(made.headers).toMatchObject({ 'cache-control': 'no-store' });
    const key = keyIn(made.body);
    expect(await listKeys(test.db, 'test_seller')).toEqual([
      expect.objectContaining({
        id: parseKey(key, 'test')?.id,
        label: 'erp',
        scopes: 'stats:read',
        state: 'active',
        expires_at: '3000-01-01T00:00:00Z',
      }),
    ]);
  });

  it('makes one key of a form that is sent twice, also at once, and shows one secret', async () => {
    const { body } = await pages.get('/admin/keys/new/confirm?user=impatient&scope=stats%3Aread');
    const made = await Promise.all([
      pages.post('/admin/keys/new', hiddenEntries(body)),
      pages.post('/admin/keys/new', hiddenEntries(body)),
    ]);
    expect(made.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    expect(made.filter((answer) => keyIn(answer.body) !== '')).toHaveLength(1);
    expect(await listKeys(test.db, 'impatient')).toHaveLength(1);
    const late = made.find(({ statusCode }) => statusCode === 409)!;
    expect(linkTo(late, 'Back to impatient')).toBe('/admin/sellers/impatient');
  });

  it('is refused while its seller is being erased', async () => {
    await existingKey('leaving');
    await test.pg.query(
      `INSERT INTO audit_log (actor, action, seller_id, request_id)
       SELECT 'arn', 'seller.erase_begin', id, 'r' FROM users WHERE username = 'leaving'`,
    );
    const { body } = await pages.get('/admin/keys/new/confirm?user=leaving&scope=stats%3Aread');
    const refused = await pages.post('/admin/keys/new', hiddenEntries(body));
    expect(refused.statusCode).toBe(409);
    expect(refused.body).toContain('Erasing this seller has begun');
    expect(linkTo(refused, 'Back to leaving')).toBe('/admin/sellers/leaving');
    expect(await listKeys(test.db, 'leaving')).toHaveLength(1);
  });

  it.each([
    ['user=', 'Must not be empty.'],
    [`user=${'x'.repeat(51)}`, 'Must have at most 50 characters.'],
    ['user=x&scope=orders:delete', 'Must be of orders:write, orders:read, stats:read.'],
    ['user=x', 'Must have at least one scope.'],
    ['user=x&scope=stats:read&last_day=2025-02-30', 'Must be a day such as 2027-12-31.'],
    ['user=x&scope=stats:read&last_day=2025-01-01', 'Must be in the future.'],
    ['user=x%00&scope=stats:read', 'Must be text without U+0000.'],
    ['user=%C0%C1&scope=stats:read', 'Has bytes that are not UTF-8: send UTF-8.'],
    ['user=x&label=%EF%BF%BD&scope=stats:read', 'Has bytes that are not UTF-8: send UTF-8.'],
    ['user=x&label=a%0Ab&scope=stats:read', 'Must be one line without characters that cannot'],
    ['user=x&label=%1B%5B2K&scope=stats:read', 'Must be one line without characters that cannot'],
    [`user=${'x'.repeat(101)}&scope=stats:read`, 'Must have at most 50 characters.'],
  ])('asks again for %s', async (query, sentence) => {
    const { statusCode, body } = await pages.get(`/admin/keys/new/confirm?${query}`);
    expect(statusCode).toBe(400);
    expect(body).toContain(`class="field-error"`);
    expect(body).toContain(sentence);
    const posted = await pages.post('/admin/keys/new', [...new URLSearchParams(query)]);
    expect(posted.statusCode).toBe(400);
  });

  it('takes no id but one of its own form', async () => {
    const fields = { user: 'test_seller', scope: 'stats:read', id: "x' OR 1=1" };
    expect((await pages.post('/admin/keys/new', fields)).statusCode).toBe(400);
  });

  it('shows <script> and quotes as text', async () => {
    const query = new URLSearchParams({ user: EVIL, label: EVIL, scope: 'stats:read' });
    const asked = await pages.get(`/admin/keys/new/confirm?${query}`);
    const made = await pages.post('/admin/keys/new', hiddenEntries(asked.body));
    expect(made.statusCode).toBe(201);
    for (const { body } of [asked, made, await pages.get(`/admin/keys/new?${query}`)]) {
      expect(body).not.toContain('<script');
      expect(body).toContain('&lt;script&gt;');
    }
    expect(await listKeys(test.db, EVIL)).toMatchObject([{ label: EVIL }]);
  });
});

describe('the last day of a key', () => {
  it('may be the last of all, also of the one that comes in its place', async () => {
    const query = 'user=lasting&scope=stats%3Aread&last_day=9999-12-31';
    const { statusCode, body } = await pages.get(`/admin/keys/new/confirm?${query}`);
    expect([statusCode, body]).toEqual([200, expect.stringContaining('at the end of 9999-12-31')]);
    const made = await pages.post('/admin/keys/new', hiddenEntries(body));
    const [key] = (await listKeys(test.db, 'lasting')) ?? [];
    expect([made.statusCode, key?.expires_at]).toEqual([201, '9999-12-31T23:59:59Z']);
    await test.pg.query(`UPDATE seller_keys SET created_at = '2020-01-01' WHERE id = $1`, [
      key?.id,
    ]);
    const rotated = await pages.post(`/admin/keys/${key?.id}/rotate`, { overlap_hours: '0' });
    expect([rotated.statusCode, rotated.body]).toEqual([
      201,
      expect.stringContaining('<dt>Expires</dt><dd>9999-12-31 23:59</dd>'),
    ]);
  });

  it.each([
    ['2999-02-30T00:00:00Z', 'Must be of an existing day of the years 1970 to 9999.'],
    ['9999-12-31T23:59:59-05:00', 'Must be before the year 10000 in UTC.'],
    ['2025-01-01T00:00:00Z', 'Must be in the future.'],
  ])('is refused by the API as of %s', async (expires_at, detail) => {
    const event = adminEvent('/admin/api/keys', {
      routeKey: 'POST /admin/api/keys',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'refused', expires_at }),
    });
    event.requestContext.http.method = 'POST';
    const answer = await pages.send(event);
    expect([answer.statusCode, JSON.parse(answer.body).errors]).toEqual([
      400,
      [{ pointer: '/expires_at', code: 'invalid', detail }],
    ]);
  });
});
