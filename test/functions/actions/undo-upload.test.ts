import { describe, expect, it } from 'vitest';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { linkTo, VIEWER, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const actions = useFormPages(
  test,
  'actions',
  () => import('../../../functions/actions/handler.ts'),
);

const FORM = '/admin/actions/undo-upload';
const ask = (id: unknown) => actions.get(`${FORM}?id=${id}`);
const seller = () => changesOf(test);

/** An upload that changed three orders and made one; one of them was changed since. */
async function fill(): Promise<string> {
  const of = (order_number: string, total_amount: string, status = 'new') =>
    order({ order_number, total_amount, status });
  await seller().upload(of('a', '10.00'), of('b', '20.00'), of('c', '30.00'));
  const { upload_id } = await seller().upload(
    of('a', '10.00', 'wrong'),
    of('b', '99.99'),
    of('c', '31.00'),
    of('d', '5.00'),
  );
  await seller().upload(of('c', '32.00'));
  return String(upload_id);
}

const totals = async () =>
  Object.fromEntries(
    (await seller().stored()).map(({ order_number, total_amount }) => [order_number, total_amount]),
  );

describe('undoing an upload', () => {
  it('asks first, and says what becomes of each order and of the seller’s figures', async () => {
    const before = await fill().then(ask);
    expect(before.statusCode).toBe(200);
    const text = visibleText(before.body);
    expect(text).toContain(
      'Restored 2 orders Deleted 1 order There again 0 orders Left alone 1 order',
    );
    expect(text).toContain('orders 4 → 3 The seller’s revenue 146.99 → 62.00');
    expect(text).toContain('a restored wrong → new 10.00');
    expect(text).toContain('b restored new 99.99 → 20.00');
    expect(text).toContain('d deleted new → – 5.00 → –');
    expect(text).toContain('c left alone new 32.00');
  });

  it('does what it said, with a receipt and a line in the audit log', async () => {
    const id = await fill();
    const done = await actions.post(FORM, hiddenFields(await ask(id)));
    expect(done.statusCode).toBe(200);
    expect(visibleText(done.body)).toContain('Restored 2 Deleted 1 There again 0 Left alone 1');
    expect(await totals()).toEqual({ a: '10.00', b: '20.00', c: '32.00' });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toEqual([
      {
        actor: VIEWER,
        action: 'upload.undo',
        target: id,
        before: null,
        after: {
          orders_restored: 2,
          orders_removed: 1,
          orders_recreated: 0,
          orders_left_alone: 1,
        },
      },
    ]);
  });

  it('brings back what was deleted', async () => {
    await fill();
    const { upload_id } = await seller().remove(['a', 'b']);
    const page = await ask(upload_id);
    expect(visibleText(page.body)).toContain('Undo this deletion?');
    expect(visibleText(page.body)).toContain('There again 2 orders');
    expect((await actions.post(FORM, hiddenFields(page))).statusCode).toBe(200);
    expect(Object.keys(await totals())).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is done once where the form is sent twice, also at once, and says the same', async () => {
    const fields = hiddenFields(await fill().then(ask));
    const answers = await Promise.all([actions.post(FORM, fields), actions.post(FORM, fields)]);
    answers.push(await actions.post(FORM, fields));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toHaveLength(1);
  });

  it('asks anew where the form is sent again and its undoing was undone', async () => {
    const fields = hiddenFields(await fill().then(ask));
    const before = await totals();
    const done = await actions.post(FORM, fields);
    const [, receipt = ''] = /uploads\/([\da-f-]{36})/.exec(done.body) ?? [];
    await actions.post(FORM, hiddenFields(await ask(receipt)));
    const again = await actions.post(FORM, fields);
    expect(again.statusCode).toBe(409);
    expect(visibleText(again.body)).toContain(
      'This form was sent before, and was done then. Nothing was done now.',
    );
    expect(await totals()).toEqual(before);
  });

  it('asks again, and does nothing, where something else would come of it by now', async () => {
    const page = await fill().then(ask);
    await seller().upload(order({ order_number: 'd', total_amount: '6.00' }));
    const before = await totals();
    const again = await actions.post(FORM, hiddenFields(page));
    expect(again.statusCode).toBe(409);
    expect(visibleText(again.body)).toContain('Nothing was done. This is how it is now.');
    expect(visibleText(again.body)).toContain('Left alone 2 orders');
    expect(await totals()).toEqual(before);
    expect(await linesOf(test.pg, await idOf(test.pg, 'seller'))).toEqual([]);
    expect((await actions.post(FORM, hiddenFields(again))).statusCode).toBe(200);
  });

  it('has no button where nothing is left to undo, and does nothing without it', async () => {
    const id = await fill();
    const fields = hiddenFields(await ask(id));
    await seller().undo(id);
    const page = await ask(id);
    expect(visibleText(page.body)).toContain('Nothing is left of this upload');
    expect(hiddenFields(page)).toEqual({});
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
  });

  it('has no button where what orders were is no longer kept', async () => {
    const id = await fill();
    const fields = hiddenFields(await ask(id));
    await test.pg.query('DELETE FROM order_versions');
    const page = await ask(id);
    expect(visibleText(page.body)).toContain('is no longer kept: it cannot be undone');
    expect(hiddenFields(page)).toEqual({});
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
  });

  it.each([
    ['', 400],
    ['?id=', 400],
    ['?id=1%20OR%201', 404],
    ['?id=x%00', 400],
    ['?id=00000000-0000-7000-8000-000000000000', 404],
    ['?id=00000000-0000-7000-8000-000000000000&conflicts=leave', 400],
  ])('answers %j with %d', async (query, status) => {
    expect((await actions.get(`${FORM}${query}`)).statusCode).toBe(status);
  });
});

it('leads to all uploads where there is none to undo', async () => {
  expect(linkTo(await ask('none'), 'All uploads')).toBe('/admin/uploads');
});

describe('a form that undoes an upload and is not ours', () => {
  it.each<[string, Record<string, string>, number]>([
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['as JSON', { 'content-type': 'application/json' }, 415],
  ])('is refused: %s', async (_how, headers, status) => {
    const fields = hiddenFields(await fill().then(ask));
    const before = await totals();
    expect((await actions.post(FORM, fields, headers)).statusCode).toBe(status);
    expect(await totals()).toEqual(before);
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['without its token', { token: undefined }, 400],
    ['with a token that is none', { token: 'x' }, 400],
    ['without what was seen', { seen: undefined }, 400],
    ['with nothing seen', { seen: '' }, 400],
    ['with something else seen', { seen: '0'.repeat(32) }, 409],
    ['with another seller', { seller: 'another' }, 404],
    ['with an upload that is none', { id: 'x' }, 400],
    ['with a field more', { conflicts: 'leave' }, 400],
  ])('is refused: %s', async (_how, changes, status) => {
    const fields = { ...hiddenFields(await fill().then(ask)), ...changes };
    const before = await totals();
    const sent = Object.entries(fields).filter(([, value]) => value !== undefined);
    const answer = await actions.post(FORM, sent as [string, string][]);
    expect(answer.statusCode).toBe(status);
    expect(await totals()).toEqual(before);
  });
});
