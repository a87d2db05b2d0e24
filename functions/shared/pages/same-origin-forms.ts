import type { MiddlewareHandler } from 'hono';
import { Problem } from '../problem.ts';
import { requireSmallBody } from '../small-body.ts';
import type { PagesEnv } from './context.ts';

/**
 * Takes a form only from a page of our own: another site's page can have a browser send one
 * with the signature of whoever looks, but not say that it is ours. Every browser of today
 * sends the header.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function sameOriginForms(): MiddlewareHandler<PagesEnv> {
  return async (c, next) => {
    if (c.req.method === 'POST' && c.req.header('sec-fetch-site') !== 'same-origin') {
      throw new Problem(403, { detail: 'This form came from another site. Nothing was done.' });
    }
    if (c.req.method === 'POST' && !isForm(c.req.header('content-type'))) {
      throw new Problem(415, { detail: 'Send a form.' });
    }
    requireSmallBody(c.env.event);
    await next();
  };
}

const isForm = (type = '') => /^application\/x-www-form-urlencoded(;|$)/.test(type);
