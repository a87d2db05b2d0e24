import { describe, expect, it } from 'vitest';
import { browserHint } from '../../../cli/admin/browser.ts';

describe('browserHint', () => {
  it.each([
    ['darwin', '24.6.0', 'Safari of this macOS finds no names below localhost'], // macOS 15
    ['darwin', '25.0.0', undefined], // macOS 26
    ['linux', '6.8.0', undefined],
    ['win32', '10.0.22631', undefined],
  ] as const)('for %s %s is %s', (system, release, hint) => {
    expect(browserHint(system, release)?.slice(0, hint?.length)).toBe(hint);
  });
});
