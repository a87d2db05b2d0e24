import type { MiddlewareHandler } from 'hono';
import { STYLE_SHA256 } from './style.ts';

/** Gives every page of the admin strict headers; no cache keeps it. */
export function strictHeaders(): MiddlewareHandler {
  const headers = { ...pageHeaders(STYLE_SHA256), 'cache-control': 'no-store' };
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}

/**
 * Nothing of a page comes from elsewhere, nothing in it runs, nobody frames it, and no other site
 * learns of its address. Its one stylesheet is inside and named by its hash.
 */
export function pageHeaders(styleSha256: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${styleSha256}'`,
      'img-src data:', // the icon
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
