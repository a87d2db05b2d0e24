import { once } from 'node:events';
import open from 'open';

/** Opens an address in the default browser; `false` when there is none that can be started. */
export async function openBrowser(address: string): Promise<boolean> {
  try {
    const launcher = await open(address);
    if (launcher.exitCode !== null) return launcher.exitCode === 0;
    const [code] = await once(launcher, 'exit');
    return code === 0;
  } catch {
    return false;
  }
}
