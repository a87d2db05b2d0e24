import { createKey } from '../../../db/keys/seller-keys.ts';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { generateKey } from '../../../functions/shared/key-format.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { type TestDatabase, useTestDatabase } from '../../helpers/database.ts';
import { type FormPages, useFormPages } from '../admin/forms.ts';

export const EVIL = `"'><script>x</script>&`;

export interface KeyPages extends FormPages {
  readonly test: TestDatabase;
  /** An active key with an evil label, made without a page. */
  existingKey(user: string): Promise<string>;
}

/** The pages of keys for a file's tests, on a database of its own. */
export function useKeyPages(): KeyPages {
  const test = useTestDatabase();
  const pages = useFormPages(test, 'keys', loadHandler, { [KEY_ENVIRONMENT]: 'test' });
  return Object.assign(pages, {
    test,
    existingKey: async (user: string) => {
      const { id, secretSha256 } = generateKey('test');
      await createKey(
        test.db,
        { id, secretSha256, user, label: EVIL, scopes: ['stats:read'] },
        SOMEBODY,
      );
      return id;
    },
  });
}

const loadHandler = () => import('../../../functions/keys/handler.ts');

/** The key that a page shows. */
export const keyIn = (body: string) => /oa_test_[a-z0-9]{12}_[0-9a-f]{64}/.exec(body)?.[0] ?? '';
