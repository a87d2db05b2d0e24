import { beforeEach, describe, expect, it } from 'vitest';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { item, order, orders, rollUpDifferences } from '../../helpers/orders.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { linkTo, VIEWER, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const actions = useFormPages(
  test,
  'actions',
  () => import('../../../functions/actions/handler.ts'),
);

const NUMBER = 'A/1 <b>"&';
const address = (number: string) =>
  `/admin/actions/delete-order?number=${encodeURIComponent(number)}`;
const FORM = '/admin/actions/delete-order';
const seller = () => changesOf(test);

beforeEach(async () => {
  await seller().upload(
    order({
      order_number: NUMBER,
      total_amount: '1000.10',
      status: 'delivered',
      items: [item(), item()],
    }),
    ...orders(2, 'other', { total_amount: '0.45' }),
  );
});

const numbers = async () => (await seller().stored()).map(({ order_number }) => order_number);

describe('deleting an order', () => {
  it('asks first, and says what becomes of the seller’s figures', async () => {
    const page = await actions.get(address(NUMBER));
    expect(page.statusCode).toBe(200);
    const text = visibleText(page.body);
    expect(text).toContain(`Order ${NUMBER} Seller seller`);
    expect(text).toContain('Status delivered Items 2 Total 1,000.10');
    expect(text).toContain('orders 3 → 2 The seller’s revenue 1,001.00 → 0.90');
    expect(page.body).not.toContain('<b>');
    expect(await numbers()).toHaveLength(3);
  });

  it('deletes it with a receipt and a line in the audit log', async () => {
    const page = await actions.get(address(NUMBER));
    const done = await actions.post(FORM, hiddenFields(page));
    expect(done.statusCode).toBe(200);
    expect(visibleText(done.body)).toContain(`${NUMBER} of seller is gone, with its items.`);
    expect(await numbers()).toEqual(['other0', 'other1']);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    const { rows } = await test.pg.query(
      `SELECT id::text, key_id, orders_deleted FROM uploads WHERE kind = 'delete'`,
    );
    expect(rows).toEqual([{ id: expect.any(String), key_id: 'admin', orders_deleted: 1 }]);
    expect(done.body).toContain(`/admin/uploads/${rows[0].id}`);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toEqual([
      {
        actor: VIEWER,
        action: 'order.delete',
        target: NUMBER,
        before: {
          status: 'delivered',
          total_amount: '1000.10',
          items_count: 2,
          created_at: '2025-11-12T10:00:00Z',
        },
        after: null,
      },
    ]);
  });

  it('deletes once what is sent twice, also at once, and says the same', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    const answers = await Promise.all([actions.post(FORM, fields), actions.post(FORM, fields)]);
    answers.push(await actions.post(FORM, fields));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toHaveLength(1);
  });

  it('asks anew where the form is sent again and the order is there again', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    const done = await actions.post(FORM, fields);
    const [, receipt = ''] = /uploads\/([\da-f-]{36})/.exec(done.body) ?? [];
    await seller().undo(receipt);
    const again = await actions.post(FORM, fields);
    expect(again.statusCode).toBe(409);
    const text = visibleText(again.body);
    expect(text).toContain('This form was sent before, and was done then. Nothing was done now.');
    expect(text).toContain(`Order ${NUMBER} Seller seller`);
    expect(await numbers()).toHaveLength(3);
    expect((await actions.post(FORM, hiddenFields(again))).statusCode).toBe(200);
    expect(await numbers()).toHaveLength(2);
  });

  it('asks again, and deletes nothing, where the order was changed meanwhile', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    await seller().upload(order({ order_number: NUMBER, status: 'paid', total_amount: '7.00' }));
    const again = await actions.post(FORM, fields);
    expect(again.statusCode).toBe(409);
    const text = visibleText(again.body);
    expect(text).toContain('Somebody has changed it meanwhile. Nothing was done.');
    expect(text).toContain('Status paid');
    expect(await numbers()).toHaveLength(3);
    expect((await actions.post(FORM, hiddenFields(again))).statusCode).toBe(200);
    expect(await numbers()).toHaveLength(2);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toHaveLength(1);
  });

  it('does not delete another order that has the number since', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    await seller().remove([NUMBER]);
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
    await seller().upload(order({ order_number: NUMBER }));
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
    await seller().remove([NUMBER]);
    await changesOf(test, 'another').upload(order({ order_number: NUMBER }));
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
    const { rows } = await test.pg.query(`SELECT FROM orders WHERE order_number = $1`, [NUMBER]);
    expect(rows).toHaveLength(1);
  });

  it('leaves no receipt of what was not done', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    await seller().upload(order({ order_number: NUMBER, status: 'paid' }));
    await actions.post(FORM, fields);
    const { rows } = await test.pg.query(`SELECT FROM uploads WHERE kind <> 'upload'`);
    expect(rows).toEqual([]);
  });

  it('can be undone', async () => {
    const done = await actions.post(FORM, hiddenFields(await actions.get(address(NUMBER))));
    const [, receipt = ''] = /uploads\/([\da-f-]{36})/.exec(done.body) ?? [];
    await seller().undo(receipt);
    expect(await numbers()).toHaveLength(3);
  });

  it.each([
    ['/admin/actions/delete-order', 400],
    ['/admin/actions/delete-order?number=', 400],
    ['/admin/actions/delete-order?number=a&number=b', 400],
    ['/admin/actions/delete-order?number=a&force=1', 400],
    ['/admin/actions/delete-order?number=a%00', 400],
    [`/admin/actions/delete-order?number=${'x'.repeat(101)}`, 404],
    ['/admin/actions/delete-order?number=no%20such', 404],
    ['/admin/actions/delete-everything', 404],
  ])('answers %s with %d', async (path, status) => {
    expect((await actions.get(path)).statusCode).toBe(status);
  });
});

describe('a form that deletes an order and is not ours', () => {
  it.each<[string, Record<string, string>, number]>([
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }, 403],
    ['from an old browser', { 'sec-fetch-site': '' }, 403],
    ['as text', { 'content-type': 'text/plain' }, 415],
    ['as JSON', { 'content-type': 'application/json' }, 415],
  ])('is refused: %s', async (_how, headers, status) => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    expect((await actions.post(FORM, fields, headers)).statusCode).toBe(status);
    expect(await numbers()).toHaveLength(3);
  });

  it.each<[string, (fields: Record<string, string>) => [string, string][]]>([
    ['without its token', ({ token: _, ...rest }) => Object.entries(rest)],
    ['with a token that is none', (fields) => Object.entries({ ...fields, token: "' OR 1=1" })],
    ['with no version', ({ version: _, ...rest }) => Object.entries(rest)],
    ['with a version that is none', (fields) => Object.entries({ ...fields, version: '1e3' })],
    [
      'with a number that is too long',
      (fields) => Object.entries({ ...fields, number: 'x'.repeat(101) }),
    ],
    ['with U+0000', (fields) => Object.entries({ ...fields, number: 'a\0' })],
    ['with a field more', (fields) => Object.entries({ ...fields, all: 'true' })],
    ['with two numbers', (fields) => [...Object.entries(fields), ['number', 'other0']]],
    ['empty', () => []],
  ])('is refused: %s', async (_how, changed) => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    expect((await actions.post(FORM, changed(fields))).statusCode).toBe(400);
    expect(await numbers()).toHaveLength(3);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['as text', {}, { 'content-type': 'text/plain' }],
    ['with a version that is none', { version: 'x' }, {}],
    ['with a field more', { all: 'true' }, {}],
  ])('leads back to its order: %s', async (_how, changes, headers) => {
    const fields = { ...hiddenFields(await actions.get(address(NUMBER))), ...changes };
    const refused = await actions.post(FORM, fields, headers);
    const page = `/admin/order?number=${encodeURIComponent(NUMBER)}`;
    expect(linkTo(refused, 'Back to the order')).toBe(page);
  });

  it('leads to all orders where no order is named, or none is there', async () => {
    for (const path of ['', '?number=none', `?number=${'x'.repeat(200)}&all=1`]) {
      const refused = await actions.get(`/admin/actions/delete-order${path}`);
      expect(linkTo(refused, 'All orders')).toBe('/admin/orders');
    }
    const twice = await actions.get(`${address('other0')}&number=b`);
    expect(linkTo(twice, 'Back to the order')).toBe('/admin/orders/other0');
  });

  it('is refused when its token was another form’s', async () => {
    const fields = hiddenFields(await actions.get(address('other0')));
    await actions.post(FORM, fields);
    const { token = '' } = fields;
    const other = hiddenFields(await actions.get(address('other1')));
    const refused = await actions.post(FORM, { ...other, token });
    expect(refused.statusCode).toBe(409);
    expect(linkTo(refused, 'Back to the order')).toBe('/admin/orders/other1');
    expect(await numbers()).toContain('other1');
  });

  it('is refused when it names another seller than the order’s', async () => {
    const fields = hiddenFields(await actions.get(address(NUMBER)));
    expect((await actions.post(FORM, { ...fields, seller: 'another' })).statusCode).toBe(409);
    expect(await numbers()).toHaveLength(3);
  });
});
