import { readFileSync } from 'node:fs';
import type { ServiceEndpoints } from '../../local/service/endpoints.ts';
import { writePrivately } from '../../local/service/private-file.ts';
import { signedRequest } from '../target/signed-request.ts';

/** The seller of the examples. */
export const DEMO_SELLER = 'test_seller';

/**
 * A key with which the examples work: the one that an earlier start has left in `file`, while it is good,
 * or a new one, which is kept there.
 */
export async function demoKey(file: string, endpoints: ServiceEndpoints): Promise<string> {
  const kept = readKept(file);
  if (kept && (await isGood(kept, endpoints.api))) return kept;
  const key = await createSellerKey(endpoints, DEMO_SELLER);
  writePrivately(file, `${key}\n`);
  return key;
}

/** A new key of a seller, made as `npm run keys` does. */
export async function createSellerKey(
  { api: origin, dataApi: { region }, credentials }: ServiceEndpoints,
  user: string,
  more: { readonly scopes?: readonly string[]; readonly expires_at?: string } = {},
): Promise<string> {
  const response = await signedRequest(
    { origin, region, credentials },
    { method: 'POST', path: '/admin/api/keys', body: { user, label: 'demo', ...more } },
  );
  if (response.status !== 201) throw new Error(`No key was made: ${await response.text()}`);
  return ((await response.json()) as { key: string }).key;
}

/** The header that opens the API for a seller: a new key. */
export async function keyHeader(
  endpoints: ServiceEndpoints,
  user: string,
  more?: Parameters<typeof createSellerKey>[2],
): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await createSellerKey(endpoints, user, more)}` };
}

async function isGood(key: string, api: string): Promise<boolean> {
  const response = await fetch(`${api}/api/orders/stats?user=${DEMO_SELLER}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.text();
  return response.ok;
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
