import type { IncomingHttpHeaders } from 'node:http';

/**
 * What decides whether a body travels to the function as text or in base64:
 * - `content-type` alone, which is what others measured on AWS;
 *   in gzip of type `application/json` U+FFFD then stands for most bytes,
 * - `content-encoding`, too: what is compressed is base64, as AWS documents it for load balancers,
 * - `none`: every body is base64.
 *
 * AWS documents none of this for HTTP APIs. A function that is right under each of them is right.
 *
 * @see https://github.com/ministackorg/ministack/pull/766 where the types were measured
 * @see https://github.com/floci-io/floci/issues/2172 where charsets were
 */
export const TEXT_BODIES = ['content-type', 'content-encoding', 'none'] as const;

export type TextBodies = (typeof TEXT_BODIES)[number];

/** Whether a body with these headers travels as text. What is no UTF-8 in it becomes U+FFFD. */
export function travelsAsText(
  headers: Pick<IncomingHttpHeaders, 'content-type' | 'content-encoding'>,
  rule: TextBodies,
): boolean {
  if (rule === 'none') return false;
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (rule === 'content-encoding' && encoding !== 'identity') return false;
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const isText = /^(text\/.+|application\/(json|javascript|xml))$/.test(type.trim());
  return isText && parameters.every((parameter) => isUtf8(parameter.trim()));
}

/** Whether a content type's parameter leaves the text UTF-8. */
function isUtf8(parameter: string): boolean {
  return !parameter.startsWith('charset=') || /^charset="?utf-?8"?$/.test(parameter);
}
