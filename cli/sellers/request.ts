import { ADMIN_POLICY, SELLERS_POLICY } from '../../lib/names.ts';
import { ServiceError } from '../service-error.ts';
import { askApi } from '../target/ask-api.ts';
import type { Target } from '../target/target.ts';

/** What there is of a seller, as the service tells. */
export interface Seller {
  readonly user: string;
  readonly orders_count: number;
  /** Decimal text. */
  readonly total_revenue: string;
  readonly keys_count: number;
  readonly active_keys_count: number;
}

/** What was deleted of a seller. */
export interface Erased {
  readonly orders_deleted: number;
  readonly items_deleted: number;
  readonly versions_deleted: number;
  readonly receipts_deleted: number;
  readonly keys_deleted: number;
}

/** What a request to erase has deleted, and how far it has come. */
export interface Erasure extends Erased {
  readonly done: boolean;
  readonly orders_left: boolean;
  /** In how many seconds the rest can be done, where nothing but waiting is left. */
  readonly wait_s?: number;
}

/** @throws {ServiceError} when there is no such seller, among others */
export function findSeller(target: Target, user: string, signal: AbortSignal): Promise<Seller> {
  const request = { method: 'GET', path: '/admin/api/sellers', query: { user } } as const;
  return askApi<Seller>(target, request, signal).catch((error) => {
    throw withPolicies(error, target, ADMIN_POLICY);
  });
}

/** Has the service erase a seller for some 10 s. @throws {ServiceError} */
export function askToErase(target: Target, user: string, signal: AbortSignal): Promise<Erasure> {
  const body = { user, confirm: user };
  const request = { method: 'POST', path: '/admin/api/sellers/erase', body } as const;
  return askApi<Erasure>(target, request, signal).catch((error) => {
    throw withPolicies(error, target, SELLERS_POLICY);
  });
}

/** What a person lacks whom IAM does not let in. */
function withPolicies(error: unknown, { title }: Target, policy: string): unknown {
  if (!(error instanceof ServiceError) || error.status !== 403) return error;
  const advice = `Whoever deploys ${title} may attach its policy ${policy} to you.`;
  return new ServiceError(`${error.message}\n${advice}`, { status: 403, cause: error });
}
