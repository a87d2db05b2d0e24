import { describe, expect, it } from 'vitest';
import { storiesOf, tableOfAll } from '../../../cli/keys/listing.ts';
import type { Key } from '../../../cli/keys/request.ts';

const key = (label: string): Key => ({
  id: 'k3f9x2m8q1zd',
  user: 'test_seller',
  label,
  scopes: ['stats:read'],
  state: 'active',
  created_at: '2025-11-12T10:00:00Z',
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
  replaced_by: null,
});

describe.each([
  ['a seller’s keys', storiesOf],
  ['all keys', tableOfAll],
])('a list of %s', (_, list) => {
  it('shows a label in place of what would steer the terminal', () => {
    const [plain, steering] = ['erp??[1A', 'erp\n\u001b[1A'].map((label) => list([key(label)]));
    expect(steering).toBe(plain!.replace('??', '��'));
    expect(list([key('\u202eerp')])).toContain('�erp');
  });
});
