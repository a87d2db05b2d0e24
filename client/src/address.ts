/** Behind an address comes a path; a space would be made one that nobody answers. */
const NO_PATH_BEHIND = /[?#\s]/;

/** Whether requests can be sent there; in a page also what is relative to its own address. */
export function isAddress(url: string): boolean {
  try {
    return !NO_PATH_BEHIND.test(url) && /^https?:/.test(new Request(url).url);
  } catch {
    return false;
  }
}

/** What is wrong with an address that is none, for people. */
export function addressText(url: string): string {
  const what = NO_PATH_BEHIND.test(url) ? ', which has a space, a ? or a #' : '';
  return `must be as https://api.example.com: ${withoutLogin(url) || '(empty)'}${what}`;
}

/** A password may stand in an address, and no request may have one there. */
export const withoutLogin = (url: string) =>
  url.replace(/^(https?:)?.*@/is, (_, scheme = '') => scheme && `${scheme}//`);
