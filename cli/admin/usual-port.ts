import { errorCode } from '../caught.ts';
import type { Target } from '../target/target.ts';
import { type AdminProxy, type AdminProxyOptions, startAdminProxy } from './proxy.ts';

/** The same every time, so that a link to a page works at whoever it is passed on to. */
export const ADMIN_PORT = 3080;

/**
 * The admin proxy on the usual port; where that is taken on a free one, which it says.
 *
 * @param usual @default `ADMIN_PORT`
 */
export async function startOnUsualPort(
  target: Target,
  options: AdminProxyOptions & { readonly say: (line: string) => void },
  usual = ADMIN_PORT,
): Promise<AdminProxy> {
  try {
    return await startAdminProxy(target, { ...options, port: usual });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    const proxy = await startAdminProxy(target, options);
    options.say(`Port ${usual} is taken, perhaps by another npm run admin: this one is on ${proxy.port}.
A link to ${usual} opens here by: npm run admin -- --open 'LINK'`);
    return proxy;
  }
}
