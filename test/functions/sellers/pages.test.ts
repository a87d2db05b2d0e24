import { beforeEach, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { UPLOADS_END_WITHIN_S } from '../../../functions/sellers/env.ts';
import { addKey, idOf, LONG_AGO } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { orders } from '../../helpers/orders.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { linkTo, VIEWER, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const sellers = useFormPages(
  test,
  'sellers',
  () => import('../../../functions/sellers/handler.ts'),
  { [UPLOADS_END_WITHIN_S]: '89' },
);

const SELLER = 'tea & <b>';
const FORM = '/admin/erase-seller';
const open = () => sellers.get(`${FORM}?name=${encodeURIComponent(SELLER)}`);
const names = async () =>
  (await test.pg.query('SELECT username FROM users ORDER BY id')).rows.map((row) => row.username);
let both: Record<string, string>;

beforeEach(async () => {
  await uploadOrders(test.db, SELLER, orders(3, 'a', { total_amount: '1000.10' }));
  both = { user: SELLER, id: String(await idOf(test.pg, SELLER)), confirm: SELLER };
  await uploadOrders(test.db, 'staying', orders(1, 'b'));
});

describe('erasing a seller in the admin', () => {
  it('asks first, and says what there is', async () => {
    const page = await open();
    expect(page.statusCode).toBe(200);
    expect(visibleText(page.body)).toContain(
      `Seller ${SELLER} Orders 3 → 0 Revenue 3,000.30 → 0.00 Keys 0, of which 0 open something → 0`,
    );
    expect(page.body).not.toContain('<b>');
    expect(hiddenFields(page)).toEqual({ user: SELLER, id: both.id });
    expect(await names()).toEqual([SELLER, 'staying']);
  });

  it('erases who is named twice, and says what that has deleted', async () => {
    const seller = await idOf(test.pg, SELLER);
    const done = await sellers.post(FORM, { ...hiddenFields(await open()), confirm: SELLER });
    expect(done.statusCode).toBe(200);
    expect(visibleText(done.body)).toContain(
      'The seller is erased Deleted just now: Orders 3, with',
    );
    expect(await names()).toEqual(['staying']);
    expect(await linesOf(test.pg, seller)).toMatchObject([
      { actor: VIEWER, action: 'seller.erase_begin', before: { orders_count: 3, keys_count: 0 } },
      { actor: VIEWER, action: 'seller.erase' },
    ]);
    const again = await sellers.post(FORM, both);
    expect(again.statusCode).toBe(409);
    expect(visibleText(again.body)).toContain('Nobody has this name any more');
    expect(linkTo(again, 'All sellers')).toBe('/admin/sellers');
  });

  it('erases nobody who has the name since, and asks anew', async () => {
    await addKey(test.pg, SELLER, LONG_AGO);
    const goOn = both;
    expect(visibleText((await sellers.post(FORM, goOn)).body)).toContain('The seller is erased');
    await uploadOrders(test.db, SELLER, orders(2, 'new'));
    const asked = await sellers.post(FORM, goOn);
    expect(asked.statusCode).toBe(409);
    const text = visibleText(asked.body);
    expect(text).toContain('Erase this seller?');
    expect(text).toContain('the name is another seller’s now. Nothing was done.');
    expect(text).toContain('Orders 2 → 0');
    const fresh = hiddenFields(asked);
    expect(fresh).toEqual({ user: SELLER, id: String(await idOf(test.pg, SELLER)) });
    await sellers.post(FORM, { ...fresh, confirm: SELLER });
    expect(await names()).toEqual(['staying']);
  });

  it('has a button that goes on while something may still come by a key', async () => {
    await addKey(test.pg, SELLER, 'NULL');
    const page = await sellers.post(FORM, both);
    expect(page.statusCode).toBe(200);
    expect(visibleText(page.body)).toMatch(
      /Nothing but the name is left .* In (?:\d|[1-8]\d|90) seconds nothing/,
    );
    expect(hiddenFields(page)).toEqual(both);
    await test.pg.query(`UPDATE seller_keys SET revoked_at = now() - interval '2 minutes'`);
    const done = await sellers.post(FORM, hiddenFields(page));
    expect(visibleText(done.body)).toContain('The seller is erased');
    expect(await names()).toEqual(['staying']);
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['with another name', { confirm: 'tea' }, 400],
    ['with another case', { confirm: SELLER.toUpperCase() }, 400],
    ['with no name', { confirm: '' }, 400],
    ['without the confirmation', { confirm: undefined }, 400],
    ['without the number', { id: undefined }, 400],
    ['with a number that is none', { id: '1e3' }, 409],
    ['with another seller’s number', { id: '999999' }, 409],
    ['with a field more', { all: '1' }, 400],
    ['of nobody', { user: 'nobody', confirm: 'nobody' }, 409],
    ['with U+0000', { user: 'a\0', confirm: 'a\0' }, 409],
  ])('is refused: %s', async (_how, changes, status) => {
    const sent = Object.entries({ ...both, ...changes }).filter(([, value]) => value !== undefined);
    expect((await sellers.post(FORM, sent as [string, string][])).statusCode).toBe(status);
    expect(await names()).toEqual([SELLER, 'staying']);
  });

  it.each<[string, Record<string, string>, number]>([
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from an old browser', { 'sec-fetch-site': '' }, 403],
    ['as JSON', { 'content-type': 'application/json' }, 415],
  ])('is refused: %s', async (_how, headers, status) => {
    expect((await sellers.post(FORM, both, headers)).statusCode).toBe(status);
    expect(await names()).toEqual([SELLER, 'staying']);
  });

  it.each([
    ['', 400],
    ['?name=', 400],
    ['?name=nobody', 404],
    ['?name=a%00', 400],
    [`?name=${'x'.repeat(101)}`, 404],
    ['?name=staying&confirm=staying', 400],
  ])('answers %j with %d', async (query, status) => {
    expect((await sellers.get(`${FORM}${query}`)).statusCode).toBe(status);
  });
});
