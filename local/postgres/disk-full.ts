/**
 * Whether an error, or what it came of, says that there is no room to write;
 * programs say it in their output.
 */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message, cause } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  return /No space left on device|Disk quota exceeded/.test(message) || isDiskFull(cause);
}
