import { sql } from 'kysely';
import type { AuditAction } from '../audit/audit-lines.ts';
import { KEY_COLUMNS, type SellerKey } from '../keys/seller-keys.ts';
import { EXPIRES_SOON } from './health.ts';

/** A key with what the audit log says of it: ARNs, `null` where the log has nothing. */
export interface KeyStory extends SellerKey {
  created_by: string | null;
  rotated_by: string | null;
  revoked_by: string | null;
  /** Whether it ends soon, and no other has replaced it. */
  ends_soon: boolean;
}

const doerOf = (action: AuditAction) => sql`(
  SELECT actor FROM audit_log
  WHERE target = k.id AND seller_id = k.user_id AND action = ${sql.lit(action)}
  ORDER BY target DESC, id DESC LIMIT 1
)`;

/** Of `seller_keys AS k` and `users AS u`. */
export const STORY_COLUMNS = sql`
  ${KEY_COLUMNS}, ${doerOf('key.create')} AS created_by, ${doerOf('key.rotate')} AS rotated_by,
  ${doerOf('key.revoke')} AS revoked_by,
  coalesce(k.revoked_at IS NULL AND k.replaced_by IS NULL AND k.expires_at > now()
    AND k.expires_at < now() + ${EXPIRES_SOON}, false) AS ends_soon`;
