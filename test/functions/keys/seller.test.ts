import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { type Answer, adminEvent, visibleText } from '../admin/pages.ts';

const test = useEmptyDatabase();
let handle: (event: APIGatewayProxyEventV2) => Promise<Answer>;
beforeAll(async () => {
  Object.assign(process.env, test.environmentOf('keys'), { [KEY_ENVIRONMENT]: 'test' });
  const { handler } = await import('../../../functions/keys/handler.ts');
  handle = async (event) => (await handler(event, lambdaContext())) as Answer;
});

function create(user: string): Promise<Answer> {
  const event = adminEvent('', {
    routeKey: 'POST /admin/api/keys',
    body: JSON.stringify({ user }),
    headers: { 'content-type': 'application/json' },
  });
  event.requestContext.http.method = 'POST';
  return handle(event);
}

/** Sends the form of the page that asks, with a box checked or not. */
async function send(user: string, fields: Record<string, string>): Promise<Answer> {
  const asked = await confirm(user);
  const [, id = ''] = /name="id" value="([^"]*)"/.exec(asked.body) ?? [];
  const form = new URLSearchParams({ id, user, label: '', scope: 'stats:read', ...fields });
  const event = adminEvent('/admin/keys/new', {
    routeKey: 'POST /admin/keys/{proxy+}',
    body: String(form),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
  });
  event.requestContext.http.method = 'POST';
  return handle(event);
}

const confirm = (user: string) => {
  const query = new URLSearchParams({ user, label: '', scope: 'stats:read' });
  return handle(
    adminEvent(`/admin/keys/new/confirm?${query}`, { routeKey: 'GET /admin/keys/{proxy+}' }),
  );
};

/** Sellers from before there was a rule. */
async function plant(...users: string[]): Promise<void> {
  for (const user of users) await test.pg.query('INSERT INTO users (username) VALUES ($1)', [user]);
}

async function sellers(): Promise<string[]> {
  const { rows } = await test.pg.query('SELECT username FROM users ORDER BY id');
  return rows.map(({ username }) => username);
}

describe('a key for a new seller', () => {
  it.each([
    ['spacey ', 'outer_space', 'U+0020'],
    ['spa\u200bcey', 'invisible_character', 'U+200B'],
    ['\u0958'.repeat(50), 'too_long', '50'],
  ])('is not made for %j: %s', async (user, code, named) => {
    await plant('spacey');
    const answer = await create(user);
    expect([answer.statusCode, JSON.parse(answer.body)]).toMatchObject([
      400,
      { errors: [{ pointer: '/user', code, detail: expect.stringContaining(named) }] },
    ]);
    const page = await confirm(user);
    expect([page.statusCode, visibleText(page.body)]).toEqual([
      400,
      expect.stringContaining(JSON.parse(answer.body).errors[0].detail),
    ]);
    expect(await sellers()).toEqual(['spacey']);
  });

  it('is made under the composed name, which is what counts', async () => {
    const decomposed = 'ё'.normalize('NFD').repeat(50);
    expect(JSON.parse((await create(decomposed)).body)).toMatchObject({ user: 'ё'.repeat(50) });
    expect(await sellers()).toEqual(['ё'.repeat(50)]);
  });
});

describe('a key for a seller who is there', () => {
  it('is made whatever the name', async () => {
    await plant('spacey', 'spacey ', 'spa\u200bcey');
    for (const user of await sellers()) {
      expect(JSON.parse((await create(user)).body)).toMatchObject({ user });
      expect((await confirm(user)).statusCode).toBe(200);
    }
    expect(await sellers()).toHaveLength(3);
  });

  it('is made, and listed, however the name is composed', async () => {
    const [nfc, nfd] = ['Ёж'.normalize('NFC'), 'Ёж'.normalize('NFD')];
    await plant(nfd);
    expect(JSON.parse((await create(nfc)).body)).toMatchObject({ user: nfd });
    expect(visibleText((await confirm(nfc)).body)).toContain(nfd);
    const list = await handle(
      adminEvent('', {
        routeKey: 'GET /admin/api/keys',
        rawQueryString: new URLSearchParams({ user: nfc }).toString(),
      }),
    );
    expect(JSON.parse(list.body)).toMatchObject({ user: nfd, keys: [{ user: nfd }] });
    expect(await sellers()).toEqual([nfd]);
  });
});

describe('a seller that is made with a key, in the browser', () => {
  it('is called new, and made without more where no name is like it', async () => {
    await plant('Tea House');
    const { body } = await confirm('Coffee');
    expect(visibleText(body)).toContain('NEW seller Coffee');
    expect(body).toContain('<input type="hidden" name="new_seller" value="Coffee">');
    expect((await send('Coffee', { new_seller: 'Coffee' })).statusCode).toBe(201);
    expect(await sellers()).toEqual(['Tea House', 'Coffee']);
  });

  it.each([
    'Tea Hous',
    'tea-house',
    'Tee House',
    'TeaHouse2',
  ])('is made of %s, which is nearly another, only when that is said', async (typed) => {
    await plant('Tea House', 'Tea Garden and Far More Than That', 'x');
    const asked = await confirm(typed);
    expect(visibleText(asked.body)).toContain(
      'No seller is called so yet, but there is Tea House .',
    );
    expect(asked.body).toContain(`name="new_seller" value="${typed}" required`);
    for (const new_seller of [undefined, '', 'Another']) {
      const refused = await send(typed, new_seller === undefined ? {} : { new_seller });
      expect(refused.statusCode).toBe(400);
      expect(refused.body).toContain(`name="new_seller" value="${typed}" required`);
    }
    expect(await sellers()).toHaveLength(3);
    expect((await send(typed, { new_seller: typed })).statusCode).toBe(201);
    expect(await sellers()).toHaveLength(4);
  });

  it.each([
    'shpo-tea-2500',
    'SHOP-tea-2500',
  ])('is made of %s only when that is said, among thousands of likenesses', async (typed) => {
    await test.pg.query(
      `INSERT INTO users (username)
       SELECT 'shop-tea-' || lpad(n::text, 4, '0') FROM generate_series(1, 3000) AS n`,
    );
    const asked = await confirm(typed);
    expect(asked.body).toContain('shop-tea-2500</a>');
    expect(asked.body).toContain(`name="new_seller" value="${typed}" required`);
  });

  it('is not spoken of where the seller is there', async () => {
    await plant('Tea House');
    const { body } = await confirm('Tea House');
    expect(body).not.toContain('NEW seller');
    expect((await send('Tea House', {})).statusCode).toBe(201);
  });
});
