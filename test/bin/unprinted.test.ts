import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { compiledCode } from '../helpers/compiled-code.ts';
import { order } from '../helpers/orders.ts';
import { useCommandedService } from './commanded-service.ts';

const service = useCommandedService();

/** What a command says on stderr whose stdout is a file, or a pipe that nobody reads. */
async function run(name: string, args: readonly string[], stdout: string | 'unread') {
  const out = stdout === 'unread' ? 'pipe' : openSync(stdout, 'w');
  // A file may have 10 KB, as on a disk with so much room: the rest of what is written fails.
  const limited = 'ulimit -f 20; exec "$@"';
  const program = [process.execPath, `bin/${name}.ts`, ...args];
  const child = spawn('/bin/sh', ['-c', limited, 'sh', ...program], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, HOME: service.folder, ...compiledCode() },
    stdio: ['ignore', out as 'pipe', 'pipe'],
  });
  if (out === 'pipe') child.stdout.destroy();
  else closeSync(out);
  const ended = once(child, 'close');
  const errors = await text(child.stderr);
  return { code: (await ended)[0], errors };
}

describe('a command that cannot print', () => {
  it.each([
    ['/dev/full', 'the disk is full'],
    ['unread', 'nobody reads it'],
  ])('says of a new key that its secret is lost: %s', async (stdout, why) => {
    const args = ['create', 'printed to nobody', '--data', service.folder];
    const { code, errors } = await run('keys', args, stdout);
    expect([code, errors.split('\n')[0]]).toEqual([1, `The answer cannot be written: ${why}.`]);
    const advice = `then revoke it. Look before you try again:\nnpm run keys -- list 'printed to nobody'`;
    expect(errors).toContain(advice);
  });

  it('fails on a full disk whatever it prints', async () => {
    const listed = await run('keys', ['list', '--data', service.folder], '/dev/full');
    const expected = 'The answer cannot be written: the disk is full.\n';
    expect(listed).toEqual({ code: 1, errors: expected });
    const helped = await run('start', ['--help'], '/dev/full');
    expect(helped).toEqual({ code: 1, errors: 'Not all could be printed: the disk is full.\n' });
  });

  it('ends without a word when nobody reads its list', async () => {
    const listed = await run('keys', ['list', '--data', service.folder], 'unread');
    expect(listed).toEqual({ code: 0, errors: '' });
  });
});

describe('npm run admin -- export', () => {
  beforeAll(async () => {
    const { endpoints } = service;
    const key = await createSellerKey(endpoints, 'exported');
    const orders = Array.from({ length: 200 }, (_, i) => order({ order_number: `exported-${i}` }));
    const response = await fetch(`${endpoints.api}/api/orders/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'exported', orders }),
    });
    expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
  });

  it('fails when the disk has room for a part alone', async () => {
    const file = join(service.folder, 'orders.csv');
    const args = ['export', '--filter', 'seller=exported', '--data', service.folder];
    const { code, errors } = await run('admin', args, file);
    expect(readFileSync(file, 'utf8').length).toBeLessThan(10_241);
    expect([code, errors]).toEqual([1, expect.stringContaining('file too large')]);
  });
});
