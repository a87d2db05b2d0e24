import type { SchemaMigration } from '../schema-migration.ts';
import * as orders from './0001-orders.ts';
import * as sellerKeys from './0002-seller-keys.ts';
import * as nightlyRuns from './0003-nightly-runs.ts';
import * as admin from './0004-admin.ts';
import * as guards from './0006-guards.ts';
import * as search from './0007-search.ts';
import * as plainText from './0008-plain-text.ts';
import * as numberWords from './0009-number-words.ts';
import * as orderHistory from './0010-order-history.ts';
import * as auditLog from './0011-audit-log.ts';
import * as roomForChangedItems from './0012-room-for-changed-items.ts';
import * as lastChanged from './0013-last-changed.ts';
import * as auditTargets from './0014-audit-targets.ts';
import * as wordBeginnings from './0015-word-beginnings.ts';
import * as uploadRefusals from './0016-upload-refusals.ts';
import * as ordersMadeMeanwhile from './0017-orders-made-meanwhile.ts';
import * as nights from './0018-nights.ts';

/**
 * Every migration by its name, in the order of the names.
 * Listed, because a bundle has no folder to read.
 */
export const migrations: Record<string, SchemaMigration> = {
  '0001-orders': orders,
  '0002-seller-keys': sellerKeys,
  '0003-nightly-runs': nightlyRuns,
  '0004-admin': admin,
  '0006-guards': guards,
  '0007-search': search,
  '0008-plain-text': plainText,
  '0009-number-words': numberWords,
  '0010-order-history': orderHistory,
  '0011-audit-log': auditLog,
  '0012-room-for-changed-items': roomForChangedItems,
  '0013-last-changed': lastChanged,
  '0014-audit-targets': auditTargets,
  '0015-word-beginnings': wordBeginnings,
  '0016-upload-refusals': uploadRefusals,
  '0017-orders-made-meanwhile': ordersMadeMeanwhile,
  '0018-nights': nights,
};
