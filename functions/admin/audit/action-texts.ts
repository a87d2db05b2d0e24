import type { AuditAction } from '../../../db/audit/audit-lines.ts';

/** What was done, as people say it. */
export const ACTION_TEXTS: Readonly<Record<AuditAction, string>> = {
  'seller.create': 'Seller made',
  'seller.erase_begin': 'Erasing begun',
  'seller.erase': 'Seller erased',
  'seller.note': 'Note changed',
  'key.create': 'Key made',
  'key.rotate': 'Key rotated',
  'key.revoke': 'Key revoked',
  'order.delete': 'Order deleted',
  'upload.undo': 'Upload undone',
};
