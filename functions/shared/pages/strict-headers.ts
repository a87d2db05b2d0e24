import type { MiddlewareHandler } from 'hono';
import { STYLE_SHA256 } from './style.ts';

/**
 * Nothing of a page comes from elsewhere, nothing in it runs, nobody frames it, no cache keeps it,
 * and no other site learns of its address. Its one stylesheet is inside and named by its hash.
 */
export function strictHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
  };
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_SHA256}'`,
    'img-src data:', // the icon
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
