import { AUDIT_ACTIONS, type AuditAction } from '../../../db/audit/audit-lines.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import type { QueryString } from '../../shared/query-string.ts';
import { isUuid } from '../../shared/upload-id.ts';

/** The address of the audit log, read. */
export interface AuditInput {
  readonly actor: string | undefined;
  readonly action: AuditAction | undefined;
  readonly seller: string | undefined;
  readonly sellerId: number | undefined;
  readonly target: string | undefined;
  readonly before: string | undefined;
}

const MAX_ACTOR = 1_000;

/** Adds to the query's errors what is wrong with it. */
export function readAuditInput(query: QueryString): AuditInput {
  const actor = query.one('actor')?.trim() || undefined;
  if (actor && actor.length > MAX_ACTOR) {
    query.fail('actor', 'too_long', `Who did it has at most ${MAX_ACTOR} characters.`);
  }
  const typedAction = query.one('action') || undefined;
  const action = AUDIT_ACTIONS.find((each) => each === typedAction);
  if (typedAction && !action) {
    query.fail('action', 'invalid_choice', `What was done may be ${AUDIT_ACTIONS.join(', ')}.`);
  }
  const seller = query.one('seller') || undefined;
  if (seller && !mayBeStored(seller)) query.fail('seller', 'invalid', 'No seller is called so.');
  const typedId = query.one('seller_id') || undefined;
  if (typedId && !/^\d{1,15}$/.test(typedId)) {
    query.fail('seller_id', 'invalid', 'A seller’s number has digits alone.');
  }
  const target = query.one('target')?.trim() || undefined;
  if (target && !mayBeStored(target)) query.fail('target', 'invalid', 'Nothing is called so.');
  const before = query.one('before') || undefined;
  if (before && !isUuid(before)) query.fail('before', 'invalid', 'Before is no line of the log.');
  return { actor, action, seller, sellerId: typedId ? Number(typedId) : undefined, target, before };
}

/** The log's address with some of its state changed; it begins anew unless `before` is given. */
export function auditHref(input: Partial<AuditInput>, changes: Partial<AuditInput> = {}): string {
  const { actor, action, seller, sellerId, target, before } = {
    ...input,
    before: undefined,
    ...changes,
  };
  const query = new URLSearchParams({
    ...(seller !== undefined && { seller }),
    ...(sellerId !== undefined && { seller_id: String(sellerId) }),
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(target !== undefined && { target }),
    ...(before !== undefined && { before }),
  });
  return query.size === 0 ? '/admin/audit' : `/admin/audit?${query}`;
}
