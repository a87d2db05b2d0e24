import { AMEND_CONTRACT } from '../../functions/amend/contract.ts';
import { OPENAPI_CONTRACT } from '../../functions/openapi/contract.ts';
import { ORDERS_CONTRACT } from '../../functions/orders/contract.ts';
import type { RouteKeyWith } from '../../functions/routes.ts';
import type { RouteContract } from '../../functions/shared/contract/route-contract.ts';
import { STATS_CONTRACT } from '../../functions/stats/contract.ts';
import { UPLOAD_CONTRACT } from '../../functions/upload/contract.ts';

/** What sellers' systems may ask for. */
type DocumentedRoute = RouteKeyWith<{ access: 'key' }> | keyof typeof OPENAPI_CONTRACT;

/** In the order in which the document has them. */
export const CONTRACTS: Readonly<Record<DocumentedRoute, RouteContract>> = {
  ...UPLOAD_CONTRACT,
  ...ORDERS_CONTRACT,
  ...AMEND_CONTRACT,
  ...STATS_CONTRACT,
  ...OPENAPI_CONTRACT,
};
