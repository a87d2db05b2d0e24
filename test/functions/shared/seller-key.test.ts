import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../functions/routes.ts';
import { requireKey, requireSeller } from '../../../functions/shared/seller-key.ts';
import { apiEvent, keyOf } from '../../helpers/events.ts';

/** An event with what the authorizer found; without anything, as on a route that has none. */
const eventWith = (requestContext: object) =>
  apiEvent({ requestContext: requestContext as ReturnType<typeof apiEvent>['requestContext'] });

const check = (requestContext: object, scope: Scope = 'stats:read') =>
  requireKey(eventWith(requestContext), scope);

describe('requireKey', () => {
  it('lets a key pass that has the scope, until the moment at which it expires', () => {
    expect(() => check(keyOf('seller'))).not.toThrow();
    expect(() => check(keyOf('seller', { expires_at_ms: Date.now() + 60_000 }))).not.toThrow();
    // API Gateway may have kept the answer since before.
    expect(() => check(keyOf('seller', { expires_at_ms: Date.now() }))).toThrow('has expired');
  });

  it.each([
    ['no authorizer', { authorizer: undefined }, 401],
    ['an empty context', { authorizer: { lambda: {} } }, 401],
    ['a context of nothing', { authorizer: { lambda: null } }, 401],
    ['another authorizer', { authorizer: { iam: { userArn: 'arn' } } }, 401],
    ['a refusal', { authorizer: { lambda: { refused: 'revoked' } } }, 401],
    ['no scope', keyOf('seller', { scopes: '' }), 403],
    ['half a scope', keyOf('seller', { scopes: 'stats:rea stats' }), 403],
  ])('refuses %s', (_what, context, status) => {
    expect(() => check(context)).toThrow(expect.objectContaining({ name: 'Problem', status }));
  });
});

describe('requireSeller', () => {
  it('answers the name as it is stored, however it is composed', () => {
    const stored = 'Лавка "Ёж"'.normalize('NFD');
    expect(requireSeller(eventWith(keyOf(stored)), stored.normalize('NFC'))).toBe(stored);
    expect(requireSeller(eventWith(keyOf('spacey ')), 'spacey ')).toBe('spacey ');
  });

  it.each([
    ['another seller', keyOf('other')],
    ['the name in other letters', keyOf('SELLER')],
    ['the name with a space', keyOf('seller ')],
    ['a refused key', { authorizer: { lambda: { refused: 'expired' } } }],
    ['no authorizer', { authorizer: undefined }],
  ])('refuses %s', (_what, context) => {
    expect(() => requireSeller(eventWith(context), 'seller')).toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });
});
