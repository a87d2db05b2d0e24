import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, write } from './read-file.ts';
import { upload, useSmallService } from './small-service.ts';

const service = useSmallService();

const orders = Array.from({ length: 30 }, (_, i) => ({
  order_number: `${i}`,
  total_amount: '1.00',
  items: [{ name: 'x'.repeat(100) }],
}));
const TEXT = JSON.stringify({ orders, user: 'another' });
const TOLD = 'These are orders of another, and the key is that of test_seller.';

describe("another seller's orders, whose name stands behind them", () => {
  it('are found before any is sent', async () => {
    const { error } = await upload([write('theirs.json', TEXT), '--chunk-kib', '1']);
    expect(error).toMatchObject({ message: expect.stringContaining(TOLD) });
    expect(service.now.uploads).toBe(0);
  });

  it('are said to be stored where they can be read only once', async () => {
    const path = join(folder, 'theirs.pipe');
    execFileSync('/usr/bin/env', ['mkfifo', path]);
    const sending = upload([path, '--chunk-kib', '1']);
    const [{ error, said }] = await Promise.all([sending, writeFile(path, TEXT)]);
    expect(error).toMatchObject({ message: expect.stringContaining(TOLD) });
    expect(service.now.orders.size).toBeGreaterThan(0);
    expect(said).toContain(
      `Stored before this ended: ${service.now.orders.size} orders of ${path}.`,
    );
  });
});
