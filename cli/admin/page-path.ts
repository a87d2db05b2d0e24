/** Where the admin begins. */
export const HOME = '/admin';

/** Path and query of a page, or of a link to it on whatever host; `undefined` for anything else. */
export function pageOf(link: string): string | undefined {
  try {
    const { pathname, search } = new URL(link, 'http://admin.localhost');
    const path = pagePath(pathname);
    return path && path + search;
  } catch {
    return undefined; // no address at all
  }
}

/**
 * The path of a page as it goes on, spelled so that it can be read in one way only; `undefined` for
 * what is no page. The far side decodes what it gets, so what counts is the path as decoded:
 * `/admin/%61pi` is `/admin/api`, which programs use, each with credentials of its own. A path that
 * becomes something else when it is decoded once more is none either.
 *
 * @throws {URIError} when the path is no UTF-8
 */
export function pagePath(sent: string): string | undefined {
  const decoded = decodeURIComponent(sent);
  for (let reading = decoded; ; ) {
    if (!isPage(reading)) return undefined;
    const next = decodedOnceMore(reading);
    if (next === reading) break;
    reading = next;
  }
  return `/${segmentsOf(decoded).map(encodeURIComponent).join('/')}`;
}

function isPage(path: string): boolean {
  const segments = segmentsOf(path);
  const [first, second = ''] = segments;
  if (`/${first}` !== HOME || second.toLowerCase() === 'api') return false;
  // Folders, and what is lost or turned where a path is decoded:
  // HTTP APIs cut it at a question mark.
  return !segments.some((segment) => /^\.\.?$|[\\?\p{Cc}]/u.test(segment));
}

/** The far side takes slashes for one, encoded or not. */
const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

function decodedOnceMore(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // percent signs of its own
  }
}
