/** What was caught, which may be anything, as an error. */
export function toError(caught: unknown): Error {
  return caught instanceof Error ? caught : new Error(String(caught));
}

/** The code of an error that Node reports, such as `ECONNRESET`. */
export function errorCode(caught: unknown): string | undefined {
  if (!(caught instanceof Error) || !('code' in caught)) return undefined;
  return typeof caught.code === 'string' ? caught.code : undefined;
}

/** Whether an error says that nobody reads any more what is printed, as after `| head`. */
export function isUnread(caught: unknown): boolean {
  return /^(?:EPIPE|EIO)$/.test(errorCode(caught) ?? '');
}
