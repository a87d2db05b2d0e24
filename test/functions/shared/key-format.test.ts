import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateKey, keyEnvironment, parseKey } from '../../../functions/shared/key-format.ts';

describe('generateKey', () => {
  it('makes a key of 256 random bits that says what it is, and what is stored of it', () => {
    const { id, key, secretSha256 } = generateKey('live');
    const [, secret = ''] = /^oa_live_[a-z0-9]{12}_([0-9a-f]{64})$/.exec(key) ?? [];
    expect(key).toContain(`_${id}_`);
    expect(secretSha256).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(parseKey(key, 'live')).toEqual({ id, secretSha256 });
  });

  it('makes no key twice', () => {
    const keys = Array.from({ length: 1_000 }, () => generateKey('test').key);
    expect(new Set(keys).size).toBe(1_000);
  });
});

describe('parseKey', () => {
  const { key } = generateKey('test');

  it.each([
    ['of production', key.replace('oa_test_', 'oa_live_')],
    ['in upper case', key.toUpperCase()],
    ['with more behind it', `${key}0`],
    ['with less', key.slice(0, -1)],
    ['with a line break', `${key}\n`],
    ['with a blank before it', ` ${key}`],
    ['twice', `${key},${key}`],
    ['of nothing', ''],
    ['with SQL in it', key.replace(/_[0-9a-f]+$/, "_' OR 1=1 --")],
  ])('takes no key %s', (_what, text) => {
    expect(parseKey(text, 'test')).toBeUndefined();
  });

  it('finds another secret in a key that differs in the last bit', () => {
    const last = Number.parseInt(key.at(-1)!, 16);
    const other = parseKey(`${key.slice(0, -1)}${(last ^ 1).toString(16)}`, 'test');
    const one = parseKey(key, 'test');
    expect(other?.id).toBe(one?.id);
    expect(other?.secretSha256).not.toBe(one?.secretSha256);
  });
});

describe('keyEnvironment', () => {
  it('refuses to guess', () => {
    expect(() => keyEnvironment({})).toThrow('KEY_ENVIRONMENT must be live or test');
    expect(keyEnvironment({ KEY_ENVIRONMENT: 'live' })).toBe('live');
  });
});
