import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { compiledCode } from '../../helpers/compiled-code.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { useUploadCommand } from './upload-command.ts';

const folder = temporaryFolder();
const { run, proxy, key } = useUploadCommand(folder);
const MAIN = join(import.meta.dirname, '../../../client/src/command/main.ts');
const FULL = /(?:^|\n)The disk is full: make room, and the same command goes on\.\n$/;

/** Orders of which every second one is refused. */
function file(name: string, count = 4): string {
  const created_at = '2025-11-12T10:00:00Z';
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      order_number: `${name}-${i}`,
      created_at,
      total_amount: i % 2 === 0 ? '1.00' : '1,00',
      status: 'paid',
      items: [],
    }),
  );
  writeFileSync(join(folder, name), lines.join('\n'));
  return name;
}

interface Where {
  /** Blocks of 512 bytes that a file may have, as on a disk that becomes full. */
  readonly blocks?: number;
  readonly stdout?: number;
  /** What nobody reads. */
  readonly unread?: 'stdout' | 'stderr';
}

/** How the command ends. */
async function runWhere({ blocks = 1_000_000, stdout, unread }: Where, ...args: string[]) {
  const program = [process.execPath, MAIN, 'upload', ...args];
  const child = spawn('/bin/sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...program], {
    cwd: folder,
    env: { ORDER_ANALYTICS_URL: proxy().endpoint, ORDER_ANALYTICS_KEY: key(), ...compiledCode() },
    stdio: ['ignore', (stdout ?? 'pipe') as 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  if (unread) child[unread].destroy();
  const stderr = unread === 'stderr' ? '' : await text(child.stderr);
  return { code: (await ended)[0], stderr };
}

describe('order-analytics upload, where something cannot be written', () => {
  it('says why it has no journal', async () => {
    const { code, stderr } = await runWhere({ blocks: 0 }, file('no-journal.ndjson'));
    expect([code, stderr]).toEqual([2, 'EFBIG: file too large, write\n']);
  });

  it('says that the disk of its report is full', async () => {
    const out = openSync('/dev/full', 'w');
    const { code, stderr } = await runWhere({ stdout: out }, file('no-report.ndjson'));
    closeSync(out);
    expect([code, stderr]).toEqual([2, expect.stringMatching(FULL)]);
  });

  it('leaves whole lines in the files beside it, also of refused orders', async () => {
    const name = file('part.ndjson', 400);
    const { code, stderr } = await runWhere({ blocks: 20 }, name, '--chunk-kib', '4');
    expect([code, stderr]).toEqual([2, expect.stringContaining('EFBIG')]);
    for (const kind of ['journal', 'rejected.ndjson']) {
      const left = readFileSync(join(folder, `${name}.${kind}`), 'utf8');
      expect([kind, left.at(-1)]).toEqual([kind, '\n']);
      for (const line of left.trimEnd().split('\n')) JSON.parse(line);
    }
    const rest = await run([name, '--chunk-kib', '4', '--json']);
    expect(JSON.parse(rest.stdout)).toMatchObject({ orders_created: 200, rejected: 200 });
    const refused = readFileSync(join(folder, `${name}.rejected.ndjson`), 'utf8');
    expect(refused.trimEnd().split('\n')).toHaveLength(200);
  });
});

describe('order-analytics upload, when nobody reads what it prints', () => {
  it('ends as it would have', async () => {
    const name = file('unread.ndjson', 1);
    expect(await runWhere({ unread: 'stdout' }, name)).toMatchObject({ code: 0 });
  });

  it('stops before it is done, and goes on afterwards', async () => {
    const name = 'stopped.csv';
    const head = 'order_number,created_at,total_amount,status,sku,name,quantity,price';
    const row = 'unread-1,2025-11-12T10:00:00Z,1.00,paid,s,n,1,1.00';
    writeFileSync(join(folder, name), `${head}\n${row}\n`);
    expect(await runWhere({ unread: 'stderr' }, name)).toMatchObject({ code: 130 });
    expect(await run([name])).toMatchObject({ code: 0 });
  });
});
