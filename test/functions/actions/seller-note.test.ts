import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { hiddenFields, useFormPages } from '../admin/forms.ts';
import { linkTo, VIEWER, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
const actions = useFormPages(test, 'actions', () => {
  Object.assign(process.env, own.environment);
  return import('../../../functions/actions/handler.ts');
});

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

  it('is not changed by a form that is sent again after somebody has taken it back', async () => {
    const fields = { ...hiddenFields(await open()), note: 'Call Anna.' };
    await actions.post(FORM, fields);
    await actions.post(FORM, { ...hiddenFields(await open()), note: '' });
    const again = await actions.post(FORM, fields);
    expect(again.statusCode).toBe(409);
    expect(await stored()).toEqual(['']);
    await actions.post(FORM, { ...hiddenFields(again), note: 'Call Anna.' });
    expect(await stored()).toEqual(['Call Anna.']);
  });

  it('is not changed by a form of a seller who was erased, whose name is another’s now', async () => {
    const fields = { ...hiddenFields(await open()), note: 'Call Anna.' };
    await test.pg.query('DELETE FROM users WHERE username = $1', [SELLER]);
    await test.pg.query('INSERT INTO users (username) VALUES ($1)', [SELLER]);
    expect((await actions.post(FORM, fields)).statusCode).toBe(409);
    expect(await stored()).toEqual([]);
  });

  it('is changed also where somebody else changes it again at once', async () => {
    await changedAgainTo('Call Boris.');
    const saved = await actions.post(FORM, { ...hiddenFields(await open()), note: 'Call Anna.' });
    expect(await stored()).toEqual(['Call Boris.']);
    expect(await lines()).toHaveLength(1);
    expect(saved.statusCode).toBe(303);
  });

  it('is changed once when the answer to that was lost', async () => {
    const fields = hiddenFields(await open());
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 2 });
    const saved = await actions.post(FORM, { ...fields, note: 'Call Anna.' });
    expect(saved.statusCode).toBe(303);
    expect(await stored()).toEqual(['Call Anna.']);
    expect(await lines()).toHaveLength(1);
  });

  it('that somebody else takes back before that is tried again stays so', async () => {
    const fields = hiddenFields(await open());
    await changedAgainTo('');
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 2 });
    const answer = await actions.post(FORM, { ...fields, note: 'Call Anna.' });
    expect(answer.statusCode).toBe(409);
    expect(await stored()).toEqual(['']);
    expect(await lines()).toHaveLength(1);
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

  it.each([
    ['turns what follows around', 'Call \u202eanna', 'has U+202E'],
    ['is a control character', 'Call\u0007 Anna', 'has U+0007'],
    ['is one of the others', 'Call\u0085Anna', 'has U+0085'],
    ['is U+0000', 'a\0', 'has U+0000'],
    ['has no width', 'a\u200bb', 'has U+200B'],
    ['joins nothing', 'a\u200db', 'has U+200D'],
  ])('is refused, with what was typed, for a character that %s', async (_which, note, detail) => {
    const fields = hiddenFields(await open());
    const refused = await actions.post(FORM, { ...fields, note });
    expect(refused.statusCode).toBe(400);
    expect(visibleText(refused.body)).toContain(`characters that cannot be seen: ${detail}.`);
    expect(refused.body).toContain(note);
    expect(hiddenFields(refused)).toEqual(fields);
    expect(await stored()).toEqual([]);
  });

  it('may have lines, spaces of any kind, emoji and letters that need a joiner', async () => {
    const note = 'Call Anna\u00a0B.\n\t👩\u200d🍳 ❤\ufe0f\nक्\u200dष می\u200cخواهم עברית';
    await actions.post(FORM, {
      ...hiddenFields(await open()),
      note: note.replaceAll('\n', '\r\n'),
    });
    expect(await stored()).toEqual([note]);
  });

  it('that is refused does not hide what somebody else has noted meanwhile', async () => {
    const fields = hiddenFields(await open());
    await actions.post(FORM, { ...fields, note: 'Call Boris.' });
    const refused = await actions.post(FORM, { ...fields, note: '\u200b' });
    const again = await actions.post(FORM, { ...hiddenFields(refused), note: 'Call Anna.' });
    expect(again.statusCode).toBe(409);
    expect(await stored()).toEqual(['Call Boris.']);
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

/** Has somebody else change the first note at once. */
async function changedAgainTo(note: string): Promise<void> {
  await test.pg.query(`
    CREATE FUNCTION change_again() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE seller_settings SET note = '${note}' WHERE user_id = NEW.user_id;
      RETURN NULL;
    END
    $$;
    CREATE TRIGGER change_again AFTER INSERT ON seller_settings
      FOR EACH ROW EXECUTE FUNCTION change_again()`);
  onTestFinished(async () => {
    await test.pg.query('DROP FUNCTION change_again CASCADE');
  });
}
