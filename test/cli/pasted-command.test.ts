import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pastedCommand } from '../../cli/pasted-command.ts';

const DEFAULT = { dataDir: resolve('.local') };

describe('pastedCommand', () => {
  it('names the folder, unless it is the default one', () => {
    const options = ['--from', '2025-01-01'];
    expect(pastedCommand('npm run nightly', options, { dataDir: '/data/shop' })).toBe(
      'npm run nightly -- --from 2025-01-01 --data /data/shop',
    );
    expect(pastedCommand('npm run nightly', options, DEFAULT)).toBe(
      'npm run nightly -- --from 2025-01-01',
    );
    expect(pastedCommand('npm run admin', [], DEFAULT)).toBe('npm run admin');
  });

  it('names a deployed stage, and as whom it is asked', () => {
    const command = (profile?: string) =>
      pastedCommand('npm run admin', ['--no-open'], { stage: 'production', profile });
    expect(command()).toBe('npm run admin -- --no-open --stage production');
    expect(command('the shop')).toBe(
      "npm run admin -- --no-open --stage production --profile 'the shop'",
    );
  });

  it.each([
    '/a b',
    "/it's",
    '/$HOME',
    '/`id`',
    '/"x"',
    '/чай',
    '/a;b',
    '/-1_5&a=*',
  ])('has the shell read %s as it is', (text) => {
    const command = pastedCommand("printf '%s|'", [text], { dataDir: text });
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(
      `--|${text}|--data|${text}|`,
    );
  });
});
