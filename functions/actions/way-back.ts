import type { MiddlewareHandler } from 'hono';
import { backToSeller, orderAddress, uploadAddress } from '../shared/pages/addresses.ts';
import type { PagesEnv, Way } from '../shared/pages/context.ts';
import { mayBeStored } from '../shared/pages/stored-text.ts';
import { isSmallBody } from '../shared/small-body.ts';
import { isUuid } from '../shared/upload-id.ts';

/** From each page that acts, the way back to what it is about. */
const WAYS: Readonly<Record<string, (fields: URLSearchParams) => Way | false>> = {
  'delete-order': (fields) => {
    const number = fields.get('number') ?? '';
    return mayBeStored(number) && { href: orderAddress(number), text: 'Back to the order' };
  },
  'undo-upload': (fields) => {
    const id = fields.get('id') ?? '';
    return isUuid(id) && { href: uploadAddress(id), text: 'Back to the upload' };
  },
  'seller-note': (fields) => {
    const name = fields.get('name') ?? '';
    return mayBeStored(name) && backToSeller(name);
  },
};

/** Says of each request where to go back to, however little else of it fits. */
export function wayBack(): MiddlewareHandler<PagesEnv> {
  return async (c, next) => {
    const { event } = c.env;
    const find = WAYS[c.req.path.split('/').at(-1) ?? ''];
    if (find && isSmallBody(event)) {
      const fields = c.req.method === 'POST' ? await c.req.text() : event.rawQueryString;
      c.set('back', find(new URLSearchParams(fields)) || undefined);
    }
    await next();
  };
}
