import { describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { useAttackedService } from './attacked-service.ts';
import { bearer, expectProblem, GATEWAYS_401, idOf, uploadOf } from './http-client.ts';

// Tries to get in, over HTTP, through the very bundles.

/** How long API Gateway remembers a key. */
const REMEMBERED_MS = 60_000;

const test = useAttackedService();

const set = (one: string, column: string, value: string) =>
  test.db.query(`UPDATE seller_keys SET ${column} = ${value} WHERE id = $1`, [idOf(one)]);

const NO_KEY = 'Send a key of this service as Authorization: Bearer oa_….';

describe('a request without a key', () => {
  it('gets no further than API Gateway', async () => {
    expect(await test.api.stats({})).toMatchObject(GATEWAYS_401);
    expect(await test.api.stats({ authorization: '' })).toMatchObject(GATEWAYS_401);
    expect(await test.api.upload({})).toMatchObject(GATEWAYS_401);
  });

  it.each([
    'key',
    'authorization',
    'Authorization',
    'access_token',
    'token',
  ])('is none the better for a key in the query as %s', async (name) => {
    const query = `?user=test_seller&${name}=${encodeURIComponent(`Bearer ${test.key}`)}`;
    expect(await test.api.stats({}, query)).toMatchObject(GATEWAYS_401);
  });
});

describe('a request with a wrong key', () => {
  const flipped = (text: string) =>
    `${text.slice(0, -1)}${(Number.parseInt(text.at(-1)!, 16) ^ 1).toString(16)}`;
  const secretOf = (text: string) => text.split('_')[3] ?? '';

  it.each<[string, (key: string) => string]>([
    ['that differs in the last bit', (right) => `Bearer ${flipped(right)}`],
    ['in upper case', (right) => `Bearer ${right.toUpperCase()}`],
    ['of production', (right) => `Bearer ${right.replace('oa_test_', 'oa_live_')}`],
    ['that is the id alone', (right) => `Bearer oa_test_${idOf(right)}`],
    ['with an empty secret', (right) => `Bearer oa_test_${idOf(right)}_`],
    ['that is the secret alone', (right) => `Bearer ${secretOf(right)}`],
    ['of an id that nobody has', (right) => `Bearer oa_test_aaaaaaaaaaaa_${secretOf(right)}`],
    ['behind another word', (right) => `Basic ${right}`],
    ['twice', (right) => `Bearer ${right}, Bearer ${right}`],
    ['with something behind it', (right) => `Bearer ${right}%00`],
    ['that is SQL', () => `Bearer ' OR '1'='1`],
    ['that is SQL behind an id', (right) => `Bearer oa_test_${idOf(right)}_' OR 1=1 --`],
    ['that is a password of the service', () => 'Bearer local'],
    ['of 9 KB', () => `Bearer ${'a'.repeat(9_000)}`],
  ])('%s is a 401 with a reason, and nothing is stored', async (_what, wrong) => {
    const authorization = wrong(test.key);
    const before = await test.storedOrders();
    expectProblem(await test.api.stats({ authorization }), 401, NO_KEY);
    expectProblem(await test.api.upload({ authorization }), 401, NO_KEY);
    expectProblem(await test.api.upload({ authorization }, 'no JSON at all'), 401, NO_KEY);
    expect(await test.storedOrders()).toBe(before);
    expect((await test.api.stats(bearer(test.key))).status).toBe(200); // it is not locked out
  });

  it('in more than 10 KB of header is refused by API Gateway', async () => {
    const answer = await test.api.stats({ authorization: `Bearer ${'a'.repeat(10_240)}` });
    expect(answer.status).toBe(431);
  });

  it('beside a right one, in two headers, is refused whichever comes first', async () => {
    const path = '/api/orders/stats?user=test_seller';
    const both = [`Bearer ${test.key}`, `Bearer ${flipped(test.key)}`];
    expect(await test.api.raw(path, { authorization: both })).toBe(401);
    expect(await test.api.raw(path, { authorization: both.toReversed() })).toBe(401);
    expect(await test.api.raw(path, { authorization: [both[0]!, both[0]!] })).toBe(401);
  });
});

describe('a right key', () => {
  it('opens the door however header and scheme are written', async () => {
    const path = '/api/orders/stats?user=test_seller';
    expect(await test.api.raw(path, { AUTHORIZATION: `bearer ${test.key}` })).toBe(200);
    expect(await test.api.raw(path, { Authorization: `BEARER  ${test.key}` })).toBe(200);
  });

  it("opens no other seller's door, neither by the body nor by the query", async () => {
    const other = await createSellerKey(test.service.endpoints, 'other_seller');
    const ANOTHERS = "This key is another seller's than the user named.";
    const before = await test.storedOrders();
    for (const user of ['test_seller', 'TEST_SELLER', 'test_seller ', 'nobody', '']) {
      const mine = user === 'test_seller' ? other : test.key;
      const query = `?user=${encodeURIComponent(user)}`;
      const [asked, stored] = [
        await test.api.stats(bearer(mine), query),
        await test.api.upload(bearer(mine), uploadOf(user)),
      ];
      expect([asked.status, stored.status]).toEqual(user ? [403, 403] : [400, 400]);
      if (user) for (const answer of [asked, stored]) expectProblem(answer, 403, ANOTHERS);
    }
    const daily = await test.api.ask('/api/orders/stats/daily?user=test_seller', {
      headers: bearer(other),
    });
    expectProblem(daily, 403, ANOTHERS);
    expect(
      (await test.api.stats(bearer(test.key), '?user=test_seller&user=other_seller')).status,
    ).toBe(400);
    expect(await test.storedOrders()).toBe(before);
  });

  it('does what its scopes say and nothing else', async () => {
    const make = (scope: string) =>
      createSellerKey(test.service.endpoints, 'test_seller', { scopes: [scope] });
    const [writer, reader] = [await make('orders:write'), await make('stats:read')];
    expect((await test.api.upload(bearer(writer))).status).toBe(200);
    expectProblem(
      await test.api.stats(bearer(writer)),
      403,
      'This key has not the scope stats:read.',
    );
    expect((await test.api.stats(bearer(reader))).status).toBe(200);
    expectProblem(
      await test.api.upload(bearer(reader)),
      403,
      'This key has not the scope orders:write.',
    );
  });

  it('opens nothing once it has expired', async () => {
    await set(test.key, 'expires_at', `now() - interval '1 second'`);
    expectProblem(await test.api.stats(bearer(test.key)), 401, 'This key has expired.');
  });

  it('opens nothing once it is revoked, within a minute also where it was just in use', async () => {
    expect((await test.api.stats(bearer(test.key))).status).toBe(200);
    expect((await test.api.changeKeys(`${idOf(test.key)}/revoke`, {})).status).toBe(200);
    test.clock.pass(REMEMBERED_MS - 1_000);
    await test.api.stats(bearer(test.key)); // may still be remembered
    test.clock.pass(2_000);
    expectProblem(await test.api.stats(bearer(test.key)), 401, 'This key has been revoked.');
    expectProblem(await test.api.upload(bearer(test.key)), 401, 'This key has been revoked.');
  });

  it('lives on beside the one that replaces it, for the overlap', async () => {
    const rotated = await test.api.changeKeys(`${idOf(test.key)}/rotate`, { overlap_hours: 2 });
    const next = (await rotated.json()) as { key: string };
    expect((await test.api.stats(bearer(test.key))).status).toBe(200);
    expect((await test.api.stats(bearer(next.key))).status).toBe(200);

    await set(test.key, 'expires_at', `expires_at - interval '2 hours'`); // two hours later
    test.clock.pass(REMEMBERED_MS);
    expectProblem(await test.api.stats(bearer(test.key)), 401, 'This key has expired.');
    expect((await test.api.stats(bearer(next.key))).status).toBe(200);
  });
});

describe('SQL', () => {
  const SQL = "'; DROP TABLE orders; --";

  it('in every field is text, and nothing more', async () => {
    const thief = await createSellerKey(test.service.endpoints, SQL);
    const nasty = uploadOf(
      SQL,
      { order_number: SQL, status: "', (SELECT 1)" },
      { sku: '$1::int', name: `:x"); DELETE FROM users; /*` },
    );
    expect((await test.api.upload(bearer(thief), nasty)).status).toBe(200);
    const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`;
    expect((await test.api.stats(bearer(thief), query({ user: SQL, status: SQL }))).status).toBe(
      200,
    );
    const badDay = await test.api.stats(bearer(thief), query({ user: SQL, from: SQL }));
    expect(badDay.status).toBe(400);
    for (const field of ['created_at', 'total_amount']) {
      expect((await test.api.upload(bearer(thief), uploadOf(SQL, { [field]: SQL }))).status).toBe(
        400,
      );
    }
    const labelled = await test.api.changeKeys('', { user: SQL, label: SQL });
    expect(await labelled.json()).toMatchObject({ user: SQL, label: SQL });
    expect((await test.api.changeKeys(`${encodeURIComponent(SQL)}/revoke`, {})).status).toBe(404);

    const { rows } = await test.db.query(
      `SELECT username, order_number, status, sku, name FROM orders
       JOIN users ON users.id = user_id JOIN order_items ON order_id = orders.id
       WHERE username = $1`,
      [SQL],
    );
    expect(rows).toEqual([
      {
        username: SQL,
        order_number: SQL,
        status: "', (SELECT 1)",
        sku: '$1::int',
        name: `:x"); DELETE FROM users; /*`,
      },
    ]);
  });
});
