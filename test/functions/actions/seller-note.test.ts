import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { linkTo, VIEWER, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const actions = useFormPages(
  test,
  'actions',
  () => import('../../../functions/actions/handler.ts'),
);

const SELLER = 'tea & <b>';
const FORM = '/admin/actions/seller-note';
const open = () => actions.get(`${FORM}?name=${encodeURIComponent(SELLER)}`);
beforeEach(() => test.pg.query('INSERT INTO users (username) VALUES ($1)', [SELLER]));

const stored = async () =>
  (await test.pg.query('SELECT note FROM seller_settings')).rows.map(({ note }) => note);
const lines = async () => linesOf(test.pg, await idOf(test.pg, SELLER));

describe('the note on a seller', () => {
  it('is changed, with a line in the audit log each time', async () => {
    const fields = hiddenFields(await open());
    const saved = await actions.post(FORM, {
      ...fields,
      note: ' Call Anna.\r\n<i>Before ten</i>\r\n',
    });
    expect([saved.statusCode, saved.headers?.location]).toEqual([
      303,
      `/admin/seller?name=${encodeURIComponent(SELLER)}`,
    ]);
    expect(await stored()).toEqual(['Call Anna.\n<i>Before ten</i>']);
    const page = await open();
    expect(visibleText(page.body)).toContain('Call Anna. <i>Before ten</i>');
    expect(page.body).not.toContain('<i>');
    await actions.post(FORM, { ...hiddenFields(page), note: '' });
    expect(await stored()).toEqual(['']);
    const first = { note: 'Call Anna.\n<i>Before ten</i>' };
    const line = { actor: VIEWER, action: 'seller.note', target: null };
    expect(await lines()).toEqual([
      { ...line, before: { note: '' }, after: first },
      { ...line, before: first, after: { note: '' } },
    ]);
  });

  it('is changed once by a form that is sent twice, and not at all by the same note', async () => {
    const fields = { ...hiddenFields(await open()), note: 'Call Anna.' };
    const answers = await Promise.all([actions.post(FORM, fields), actions.post(FORM, fields)]);
    answers.push(await actions.post(FORM, fields));
    answers.push(await actions.post(FORM, { ...hiddenFields(await open()), note: 'Call Anna.' }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303]);
    expect(await lines()).toHaveLength(1);
  });

  it('that somebody else has changed meanwhile stays, and what was typed is not lost', async () => {
    const fields = hiddenFields(await open());
    await actions.post(FORM, { ...fields, note: 'Call Anna.' });
    const again = await actions.post(FORM, { ...fields, note: 'Call Boris.' });
    expect(again.statusCode).toBe(409);
    expect(visibleText(again.body)).toMatch(/This is how it is now\. Call Anna\. .*Call Boris\./);
    expect(await stored()).toEqual(['Call Anna.']);
    await actions.post(FORM, { ...hiddenFields(again), note: 'Call Boris.' });
    expect(await stored()).toEqual(['Call Boris.']);
  });

  it('is changed also where somebody else changes it again at once', async () => {
    await test.pg.query(`
      CREATE FUNCTION change_again() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE seller_settings SET note = 'Call Boris.' WHERE user_id = NEW.user_id;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER change_again AFTER INSERT ON seller_settings
        FOR EACH ROW EXECUTE FUNCTION change_again()`);
    onTestFinished(async () => {
      await test.pg.query('DROP FUNCTION change_again CASCADE');
    });
    const saved = await actions.post(FORM, { ...hiddenFields(await open()), note: 'Call Anna.' });
    expect(await stored()).toEqual(['Call Boris.']);
    expect(await lines()).toHaveLength(1);
    expect(saved.statusCode).toBe(303);
  });

  it.each<[string, Record<string, string>, number]>([
    ['too long', { note: 'x'.repeat(501) }, 400],
    ['with U+0000', { note: 'a\0' }, 400],
    ['of nobody', { name: 'nobody' }, 404],
    ['without what was there', { seen: '' }, 400],
    ['with a field more', { more: '1' }, 400],
  ])('is refused: %s', async (_which, changes, status) => {
    const fields = { ...hiddenFields(await open()), note: 'x', ...changes };
    expect((await actions.post(FORM, fields)).statusCode).toBe(status);
    expect(await stored()).toEqual([]);
    expect(await lines()).toEqual([]);
  });

  it('of nobody leads to all sellers', async () => {
    expect(linkTo(await actions.get(`${FORM}?name=nobody`), 'All sellers')).toBe('/admin/sellers');
  });

  it('is refused from another site', async () => {
    const fields = { ...hiddenFields(await open()), note: 'x' };
    const answer = await actions.post(FORM, fields, { 'sec-fetch-site': 'cross-site' });
    expect(answer.statusCode).toBe(403);
    expect(await stored()).toEqual([]);
  });

  it('takes 500 characters that are two units each', async () => {
    const note = '🍵'.repeat(500);
    await actions.post(FORM, { ...hiddenFields(await open()), note });
    expect(await stored()).toEqual([note]);
  });
});
