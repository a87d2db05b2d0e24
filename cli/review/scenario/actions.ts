import type { Door } from './door.ts';
import { order } from './orders.ts';
import type { Seller } from './sellers.ts';

const PATH = '/admin/actions';

/** What people do to a seller's orders and uploads, by forms. */
export async function askForActions(door: Door, { user, key }: Seller): Promise<void> {
  const upload = async (changes: object) => {
    const json = { user, orders: [order('by-people', changes)] };
    const path = '/api/orders/upload';
    return JSON.parse(await door.ask('POST /api/orders/upload', path, { key, json })).upload_id;
  };
  await upload({});
  const changed = await upload({ status: 'paid', items: [] });
  await sendForm(door, 'undo-upload', `id=${changed}`);
  const deleted = await sendForm(door, 'delete-order', 'number=by-people');
  const [, deletion = ''] = /\/admin\/uploads\/([0-9a-f-]{36})/.exec(deleted) ?? [];
  await sendForm(door, 'undo-upload', `id=${deletion}`);
  for (const note of ['Calls on Mondays.', 'Calls on Tuesdays.']) {
    await sendForm(door, 'seller-note', `name=${user}`, { note }, 303);
  }
}

/** Opens a form and sends it back as it is, with what is typed. */
async function sendForm(
  door: Door,
  action: string,
  query: string,
  typed: Readonly<Record<string, string>> = {},
  status = 200,
): Promise<string> {
  const page = await door.ask('GET /admin/actions/{proxy+}', `${PATH}/${action}?${query}`);
  const hidden = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  const form = { ...Object.fromEntries([...hidden].map(([, ...field]) => field)), ...typed };
  return door.ask('POST /admin/actions/{proxy+}', `${PATH}/${action}`, { form, status });
}
