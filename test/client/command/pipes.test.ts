import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { useUploadCommand } from './upload-command.ts';

const folder = temporaryFolder();
const { run, proxy } = useUploadCommand(folder);

function pipe(name: string): string {
  execFileSync('/usr/bin/env', ['mkfifo', join(folder, name)]);
  return name;
}

const ORDER = JSON.stringify({
  order_number: 'piped',
  created_at: '2025-11-12T10:00:00Z',
  total_amount: '1.00',
  status: 'paid',
  items: [],
});
const CSV = `order_number,created_at,total_amount,status,sku,name,quantity,price
piped,2025-11-12T10:00:00Z,1.00,paid,s,n,1,1.00
`;

describe('order-analytics upload of a pipe', () => {
  it.each([
    ['orders.ndjson', ORDER],
    ['orders.csv', CSV],
  ])('reads it once, and leaves no journal of it: %s', async (name, text) => {
    const path = join(folder, pipe(name));
    const [{ code, stdout }] = await Promise.all([run([name]), writeFile(path, text)]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^1 order taken, 1\.00: 1 new/)]);
    expect(existsSync(`${path}.journal`)).toBe(false);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('stops by %s while standard input is silent', async (signal, code) => {
    let requests = 0;
    const ended = await run(['-', '--chunk-kib', '1'], {
      input: `${ORDER}\n`.repeat(20),
      isInputOpen: true,
      begun: (child) => {
        proxy().onRequest = () => {
          requests += 1;
          if (requests === 3) child.kill(signal);
        };
      },
    });
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(/(?:^|\n)Stopped\./) });
  });

  it('stops while a pipe is silent', async () => {
    const name = pipe('silent.csv');
    let child: ChildProcess | undefined;
    const ending = run([name], { begun: (begun) => (child = begun) });
    const writer = await open(join(folder, name), 'w'); // which is there when it reads
    child?.kill('SIGTERM');
    const ended = await ending;
    await writer.close();
    expect(ended.code ?? ended.signal).toBeOneOf([143, 'SIGTERM']); // which are one in a shell
    expect(ended.stderr).toContain('Stopped.');
  });

  it('refuses to check it first, which would be to read it twice', async () => {
    const { code, stderr } = await run([pipe('checked.ndjson'), '--check']);
    const told = '--check reads files twice, which checked.ndjson cannot be.\n';
    expect([code, stderr]).toEqual([2, told]);
  });
});
