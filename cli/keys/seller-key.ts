import type { ServiceEndpoints } from '../../local/service/endpoints.ts';
import { createKey } from './request.ts';

/** A new key of a seller of a local service, made as `npm run keys` does. */
export async function createSellerKey(
  { api: origin, dataApi: { region }, credentials }: ServiceEndpoints,
  user: string,
  more: { readonly scopes?: readonly string[]; readonly expires_at?: string } = {},
): Promise<string> {
  const target = { origin, region, credentials };
  const { key } = await createKey(target, { name: 'create', user, label: 'demo', ...more });
  return key;
}

/** The header that opens the API for a seller: a new key. */
export async function keyHeader(
  endpoints: ServiceEndpoints,
  user: string,
  more?: Parameters<typeof createSellerKey>[2],
): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await createSellerKey(endpoints, user, more)}` };
}
