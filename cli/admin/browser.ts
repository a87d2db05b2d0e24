import { once } from 'node:events';
import { platform, release } from 'node:os';
import open from 'open';

/** Opens a file in the default browser; `false` when there is none that can be started. */
export async function openBrowser(path: string): Promise<boolean> {
  try {
    const launcher = await open(path);
    if (launcher.exitCode !== null) return launcher.exitCode === 0;
    const [code] = await once(launcher, 'exit');
    return code === 0;
  } catch {
    return false;
  }
}

/**
 * What to know of this system's browsers.
 * Safari asks macOS, which learned these names in version 26.
 */
export function browserHint(system = platform(), version = release()): string | undefined {
  // Darwin 25 is macOS 26.
  const isOldMac = system === 'darwin' && Number.parseInt(version, 10) < 25;
  return isOldMac
    ? 'Safari of this macOS finds no names below localhost, where the admin is: use Chrome, Edge or Firefox.'
    : undefined;
}
