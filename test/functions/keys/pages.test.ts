import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listKeys } from '../../../db/keys/list-keys.ts';
import { createKey } from '../../../db/keys/seller-keys.ts';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { generateKey, parseKey } from '../../../functions/shared/key-format.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { hiddenEntries } from '../admin/forms.ts';
import { type Answer, adminEvent, linkTo, VIEWER } from '../admin/pages.ts';

let test: TestDatabase;
let handler: typeof import('../../../functions/keys/handler.ts').handler;
beforeAll(async () => {
  test = await createTestDatabase();
  Object.assign(process.env, test.environmentOf('keys'), { [KEY_ENVIRONMENT]: 'test' });
  ({ handler } = await import('../../../functions/keys/handler.ts'));
});
afterAll(() => test.drop());

const get = async (address: string) =>
  (await handler(
    adminEvent(address, { routeKey: 'GET /admin/keys/{proxy+}' }),
    lambdaContext(),
  )) as Answer;

/** Sends a form as a browser does from a page of ours. */
async function post(
  address: string,
  fields: Record<string, string> | [string, string][],
  headers: Record<string, string> = {},
) {
  const event = adminEvent(address, {
    routeKey: 'POST /admin/keys/{proxy+}',
    body: Buffer.from(String(new URLSearchParams(fields))).toString('base64'),
    isBase64Encoded: true,
  });
  event.requestContext.http.method = 'POST';
  event.headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
    ...headers,
  };
  return (await handler(event, lambdaContext())) as Answer;
}

const keyIn = (body: string) => /oa_test_[a-z0-9]{12}_[0-9a-f]{64}/.exec(body)?.[0] ?? '';

const EVIL = `"'><script>x</script>&`;

/** An active key, made without a page. */
async function existingKey(user: string): Promise<string> {
  const { id, secretSha256 } = generateKey('test');
  await createKey(
    test.db,
    { id, secretSha256, user, label: EVIL, scopes: ['stats:read'] },
    SOMEBODY,
  );
  return id;
}

describe('making a key', () => {
  const answers = 'user=test_seller&label=erp&scope=stats%3Aread&last_day=2999-12-31';

  it('is a form, a page that asks, and the key, shown once', async () => {
    const form = await get('/admin/keys/new?user=test_seller');
    expect(form.statusCode).toBe(200);
    expect(form.body).toContain('value="test_seller"');

    const asked = await get(`/admin/keys/new/confirm?${answers}`);
    expect(asked.statusCode).toBe(200);
    expect(asked.body).toContain('at the end of 2999-12-31 (UTC)');
    expect(await listKeys(test.db, 'test_seller')).toBeUndefined();

    const made = await post('/admin/keys/new', hiddenEntries(asked.body));
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
    const { body } = await get('/admin/keys/new/confirm?user=impatient&scope=stats%3Aread');
    const made = await Promise.all([
      post('/admin/keys/new', hiddenEntries(body)),
      post('/admin/keys/new', hiddenEntries(body)),
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
    const { body } = await get('/admin/keys/new/confirm?user=leaving&scope=stats%3Aread');
    const refused = await post('/admin/keys/new', hiddenEntries(body));
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
    [`user=${'x'.repeat(101)}&scope=stats:read`, 'Must have at most 50 characters.'],
  ])('asks again for %s', async (query, sentence) => {
    const { statusCode, body } = await get(`/admin/keys/new/confirm?${query}`);
    expect(statusCode).toBe(400);
    expect(body).toContain(`class="field-error"`);
    expect(body).toContain(sentence);
    const posted = await post('/admin/keys/new', [...new URLSearchParams(query)]);
    expect(posted.statusCode).toBe(400);
  });

  it('takes no id but one of its own form', async () => {
    const fields = { user: 'test_seller', scope: 'stats:read', id: "x' OR 1=1" };
    expect((await post('/admin/keys/new', fields)).statusCode).toBe(400);
  });

  it('shows <script> and quotes as text', async () => {
    const query = new URLSearchParams({ user: EVIL, label: EVIL, scope: 'stats:read' });
    const asked = await get(`/admin/keys/new/confirm?${query}`);
    const made = await post('/admin/keys/new', hiddenEntries(asked.body));
    expect(made.statusCode).toBe(201);
    for (const { body } of [asked, made, await get(`/admin/keys/new?${query}`)]) {
      expect(body).not.toContain('<script');
      expect(body).toContain('&lt;script&gt;');
    }
    expect(await listKeys(test.db, EVIL)).toMatchObject([{ label: EVIL }]);
  });
});

describe('rotating a key', () => {
  it('asks, then shows the key that comes in its place', async () => {
    const id = await existingKey('rotating');
    const asked = await get(`/admin/keys/${id}/rotate`);
    expect(asked.statusCode).toBe(200);
    expect(asked.body).toContain(id);
    expect(asked.body).not.toContain('<script');
    const made = await post(`/admin/keys/${id}/rotate`, { overlap_hours: '1' });
    expect(made.statusCode).toBe(201);
    const newId = parseKey(keyIn(made.body), 'test')?.id;
    const keys = await listKeys(test.db, 'rotating');
    expect(keys?.find((key) => key.id === id)).toMatchObject({ replaced_by: newId });

    const again = await post(`/admin/keys/${id}/rotate`, { overlap_hours: '1' });
    expect([again.statusCode, again.body]).toEqual([409, expect.stringContaining('is replaced')]);
    const looked = await get(`/admin/keys/${id}/rotate`);
    expect(looked.statusCode).toBe(409);
    for (const answer of [again, looked]) {
      expect(linkTo(answer, 'Back to rotating')).toBe('/admin/sellers/rotating');
    }
  });

  it('says how long the old key is still remembered where there is no overlap', async () => {
    const id = await existingKey('at once');
    const { body: asked } = await get(`/admin/keys/${id}/rotate`);
    expect(asked).toContain('refused from now on, within a minute where it was just in use');
    expect(asked).not.toContain('stops now');
    const made = await post(`/admin/keys/${id}/rotate`, { overlap_hours: '0' });
    expect(made.body).toContain('refused from now on, within a minute where it was just in use');
    expect(made.body).not.toContain('works until');
  });

  it('leaves the old key a day unless told otherwise, and refuses what is no number of hours', async () => {
    const id = await existingKey('overlap');
    for (const overlap_hours of ['x', ' ', '-1', '0x1', '1e1']) {
      expect((await post(`/admin/keys/${id}/rotate`, { overlap_hours })).statusCode).toBe(400);
    }
    expect((await post(`/admin/keys/${id}/rotate`, {})).statusCode).toBe(201);
    const { rows } = await test.pg.query(
      `SELECT expires_at > now() + interval '23 hours' AS later FROM seller_keys WHERE id = $1`,
      [id],
    );
    expect(rows).toEqual([{ later: true }]);
  });
});

describe('the last day of a key', () => {
  it('may be the last of all, also of the one that comes in its place', async () => {
    const query = 'user=lasting&scope=stats%3Aread&last_day=9999-12-31';
    const { statusCode, body } = await get(`/admin/keys/new/confirm?${query}`);
    expect([statusCode, body]).toEqual([200, expect.stringContaining('at the end of 9999-12-31')]);
    const made = await post('/admin/keys/new', hiddenEntries(body));
    const [key] = (await listKeys(test.db, 'lasting')) ?? [];
    expect([made.statusCode, key?.expires_at]).toEqual([201, '9999-12-31T23:59:59Z']);
    await test.pg.query(`UPDATE seller_keys SET created_at = '2020-01-01' WHERE id = $1`, [
      key?.id,
    ]);
    const rotated = await post(`/admin/keys/${key?.id}/rotate`, { overlap_hours: '0' });
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
    const answer = (await handler(event, lambdaContext())) as Answer;
    expect([answer.statusCode, JSON.parse(answer.body).errors]).toEqual([
      400,
      [{ pointer: '/expires_at', code: 'invalid', detail }],
    ]);
  });
});

describe('revoking a key', () => {
  it('asks, and does it once, however often it is sent', async () => {
    const id = await existingKey('revoking');
    const asked = await get(`/admin/keys/${id}/revoke`);
    expect(asked.body).toContain('Revoke this key?');
    expect(await listKeys(test.db, 'revoking')).toMatchObject([{ state: 'active' }]);
    for (let i = 0; i < 2; i++) {
      const { statusCode, body } = await post(`/admin/keys/${id}/revoke`, {});
      expect([statusCode, body]).toEqual([200, expect.stringContaining('The key is revoked')]);
    }
    expect(await listKeys(test.db, 'revoking')).toMatchObject([{ state: 'revoked' }]);
    expect((await get(`/admin/keys/${id}/revoke`)).body).not.toContain('<form');
    expect((await get(`/admin/keys/${id}/rotate`)).statusCode).toBe(409);
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
      const { statusCode, body } = await post(path, fields, headers);
      expect([statusCode, body]).toEqual([403, expect.stringContaining('Nothing was done')]);
    }
    const keys = await listKeys(test.db, 'forged');
    expect(keys?.every(({ state, replaced_by }) => state === 'active' && !replaced_by)).toBe(true);
  });

  it('are taken as forms alone', async () => {
    const id = await existingKey('typed');
    const { statusCode } = await post(
      `/admin/keys/${id}/revoke`,
      {},
      { 'content-type': 'text/plain' },
    );
    expect(statusCode).toBe(415);
  });

  it('are read up to 64 KiB', async () => {
    const id = await existingKey('endless');
    const { statusCode } = await post(`/admin/keys/${id}/revoke`, { x: 'x'.repeat(64 * 1024) });
    expect(statusCode).toBe(413);
    expect(await listKeys(test.db, 'endless')).toMatchObject([{ state: 'active' }]);
  });

  it('are for nobody whom API Gateway does not know', async () => {
    const event = adminEvent('/admin/keys/new');
    Object.assign(event.requestContext, { authorizer: undefined });
    expect(await handler(event, lambdaContext())).toMatchObject({ statusCode: 403 });
  });

  it('say that there is no such key, and who is looking', async () => {
    for (const what of ['rotate', 'revoke']) {
      const asked = await get(`/admin/keys/abcdefabcdef/${what}`);
      expect([asked.statusCode, asked.body]).toEqual([404, expect.stringContaining(VIEWER)]);
      expect((await post(`/admin/keys/abcdefabcdef/${what}`, {})).statusCode).toBe(404);
    }
    expect((await get('/admin/keys/x/y')).statusCode).toBe(404);
  });
});
