import { beforeAll, expect, it } from 'vitest';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { changesOf } from '../../helpers/changes.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
const actions = useFormPages(test, 'actions', () => {
  Object.assign(process.env, own.environment);
  return import('../../../functions/actions/handler.ts');
});
// A process asks what the database's clock says before its first statement that writes.
beforeAll(async () => {
  await changesOf(test).upload(order({ order_number: 'first' }));
  const page = await actions.get('/admin/actions/delete-order?number=first');
  await actions.post('/admin/actions/delete-order', hiddenFields(page));
});

const lines = async () => linesOf(test.pg, await idOf(test.pg, 'seller'));
const loseAnswers = () =>
  own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });

it('deletes an order once when the answer to that was lost, and says so', async () => {
  await changesOf(test).upload(order({ order_number: 'o' }));
  const page = await actions.get('/admin/actions/delete-order?number=o');
  loseAnswers();
  const done = await actions.post('/admin/actions/delete-order', hiddenFields(page));
  expect([done.statusCode, visibleText(done.body)]).toEqual([
    200,
    expect.stringContaining('o of seller is gone, with its items.'),
  ]);
  expect(await lines()).toMatchObject([{ action: 'order.delete' }]);
});

it('undoes an upload once when the answer to that was lost, and says so', async () => {
  const { upload_id: id } = await changesOf(test).upload(order({ order_number: 'o' }));
  const page = await actions.get(`/admin/actions/undo-upload?id=${id}`);
  loseAnswers();
  const done = await actions.post('/admin/actions/undo-upload', hiddenFields(page));
  expect([done.statusCode, visibleText(done.body)]).toEqual([
    200,
    expect.stringContaining('Restored 0 Deleted 1 There again 0'),
  ]);
  expect(await lines()).toMatchObject([{ action: 'upload.undo' }]);
});
