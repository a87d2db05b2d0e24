import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pastedCommand } from '../../cli/pasted-command.ts';

describe('pastedCommand', () => {
  it('names the folder, unless it is the default one', () => {
    const options = ['--from', '2025-01-01'];
    expect(pastedCommand('npm run nightly', options, '/data/shop')).toBe(
      'npm run nightly -- --from 2025-01-01 --data /data/shop',
    );
    expect(pastedCommand('npm run nightly', options, resolve('.local'))).toBe(
      'npm run nightly -- --from 2025-01-01',
    );
    expect(pastedCommand('npm run admin', [], resolve('.local'))).toBe('npm run admin');
  });

  it.each([
    '/a b',
    "/it's",
    '/$HOME',
    '/`id`',
    '/"x"',
    '/чай',
    '/a;b',
  ])('has the shell read %s as it is', (folder) => {
    const command = pastedCommand("printf '%s|'", [], folder);
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(`--|--data|${folder}|`);
  });
});
