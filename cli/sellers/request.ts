import * as v from 'valibot';
import { ADMIN_POLICY, SELLERS_POLICY } from '../../lib/names.ts';
import { ServiceError } from '../service-error.ts';
import { askApi } from '../target/ask-api.ts';
import type { Target } from '../target/target.ts';

const SellerSchema = v.object({
  user: v.string(),
  orders_count: v.number(),
  /** Decimal text. */
  total_revenue: v.string(),
  keys_count: v.number(),
  active_keys_count: v.number(),
});

/** What there is of a seller, as the service tells. */
export type Seller = v.InferOutput<typeof SellerSchema>;

const ErasureSchema = v.object({
  orders_deleted: v.number(),
  items_deleted: v.number(),
  versions_deleted: v.number(),
  receipts_deleted: v.number(),
  keys_deleted: v.number(),
  done: v.boolean(),
  orders_left: v.boolean(),
  /** In how many seconds the rest can be done, where nothing but waiting is left. */
  wait_s: v.optional(v.number()),
});

/** What a request to erase has deleted, and how far it has come. */
export type Erasure = v.InferOutput<typeof ErasureSchema>;

/** What was deleted of a seller. */
export type Erased = Omit<Erasure, 'done' | 'orders_left' | 'wait_s'>;

/** @throws {ServiceError} when there is no such seller, among others */
export function findSeller(target: Target, user: string, signal: AbortSignal): Promise<Seller> {
  const request = { method: 'GET', path: '/admin/api/sellers', query: { user } } as const;
  return askApi(target, request, SellerSchema, signal).catch((error) => {
    throw withPolicies(error, target, ADMIN_POLICY);
  });
}

/** Has the service erase a seller for some 10 s. @throws {ServiceError} */
export function askToErase(target: Target, user: string, signal: AbortSignal): Promise<Erasure> {
  const body = { user, confirm: user };
  const request = { method: 'POST', path: '/admin/api/sellers/erase', body } as const;
  return askApi(target, request, ErasureSchema, signal).catch((error) => {
    throw withPolicies(error, target, SELLERS_POLICY);
  });
}

/** What a person lacks whom IAM does not let in. */
function withPolicies(error: unknown, { title }: Target, policy: string): unknown {
  if (!(error instanceof ServiceError) || error.status !== 403) return error;
  const advice = `Whoever deploys ${title} may attach its policy ${policy} to you.`;
  return new ServiceError(`${error.message}\n${advice}`, { status: 403, cause: error });
}
