import type { ServiceEndpoints } from '../../local/service/endpoints.ts';
import { KEPT_AS, readKept } from '../../local/service/kept-file.ts';
import { writePrivately } from '../../local/service/private-file.ts';
import { isKey } from '../keys/pasted.ts';
import { createSellerKey } from '../keys/seller-key.ts';

/** The seller of the examples. */
export const DEMO_SELLER = 'test_seller';

/**
 * A key with which the examples work: the one that an earlier start has left in `file`,
 * while it is good, or a new one, which is kept there.
 *
 * @throws {MachineError} when something else is in the file
 */
export async function demoKey(file: string, endpoints: ServiceEndpoints): Promise<string> {
  const kept = readKept(file, KEPT_AS.demoKey)?.trim();
  if (kept !== undefined && isKey(kept) && (await isGood(kept, endpoints.api))) return kept;
  const key = await createSellerKey(endpoints, DEMO_SELLER);
  writePrivately(file, `${key}\n`);
  return key;
}

async function isGood(key: string, api: string): Promise<boolean> {
  const response = await fetch(`${api}/api/orders/stats?user=${DEMO_SELLER}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.text();
  return response.ok;
}
