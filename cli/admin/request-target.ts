import type { IncomingMessage } from 'node:http';

/** Where a request goes, as it was sent: nothing is decoded or resolved yet. */
export interface RequestTarget {
  /** Name and port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

const FORM = /^(?:http:\/\/(?<authority>[^/?#]+))?(?<path>\/[^?#]*)?(?:\?(?<search>[^#]*))?$/i;

/**
 * The target of a request; `undefined` for what is no address, or of two hosts.
 * A whole address in the request line names its own host, whatever `Host` says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function readTarget({ url = '', headersDistinct }: IncomingMessage) {
  const [named, ...others] = headersDistinct.host ?? [];
  const { authority = named, path = '/', search } = FORM.exec(url)?.groups ?? {};
  const isAddress = FORM.test(url) && authority !== undefined && others.length === 0;
  if (!isAddress) return undefined;
  const target: RequestTarget = {
    host: authority.toLowerCase(),
    path,
    query: new URLSearchParams(search),
  };
  return target;
}
