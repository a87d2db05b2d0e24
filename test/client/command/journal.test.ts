import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Journal } from '../../../client/src/command/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder();

const path = join(folder, 'orders.journal');
const subject = {
  url: 'http://a',
  user: 'a',
  formDigest: '',
  chunkBytes: 1,
  sizeBytes: 1,
  modifiedMs: 1,
};
const options = { path, subject, beginsAnew: false, rejected: join(folder, 'rejected') };
const open = () => Journal.open(options, async () => ({ orders_count: 0, total_revenue: '0.00' }));

it('a journal is open for one process at a time', async () => {
  writeFileSync(`${path}.lock`, String(process.ppid)); // one that runs
  await expect(open()).rejects.toThrow(`being sent by another process (${process.ppid})`);
  expect(existsSync(path)).toBe(false);
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (const left of [String(pid), '', '-1']) {
    writeFileSync(`${path}.lock`, left); // by what was killed
    (await open()).close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  }
});

it('a journal of very many chunks is gone on from', async () => {
  (await open()).close();
  const stored = { orders_created: 1, orders_updated: 0, orders_unchanged: 0, orders_stale: 0 };
  const lines = Array.from({ length: 200_000 }, (_, chunk) =>
    JSON.stringify({ chunk, ...stored, rejected: 0, cents: '1', rejected_bytes: chunk % 1_000 }),
  );
  appendFileSync(path, `${lines.join('\n')}\n`);
  const { counts, rejected } = await open();
  expect(counts).toMatchObject({ orders_created: 200_000, cents: 200_000n });
  expect(rejected.kept.bytes).toBe(999);
});
