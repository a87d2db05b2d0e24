import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { write } from './read-file.ts';
import { upload, useSmallService } from './small-service.ts';

const service = useSmallService();

/** Every third order has a total that is none; two orders are a chunk. */
function stoppedUpload(name: string) {
  const orders = Array.from({ length: 12 }, (_, i) => ({
    order_number: `${i}`,
    total_amount: i % 3 === 0 ? 'x' : '1.00',
    items: [{ name: 'n'.repeat(300) }],
  }));
  const path = write(name, orders.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const args = [path, '--chunk-kib', '1', '--parallel', '1'];
  return { args, rejected: `${path}.rejected.ndjson`, journal: `${path}.journal` };
}

async function stopAfter(uploads: number, args: readonly string[]): Promise<void> {
  const stop = new AbortController();
  service.now.onUpload = () => {
    if (service.now.uploads === uploads) stop.abort(new Error('stopped'));
    return undefined;
  };
  expect(await upload(args, stop.signal)).toMatchObject({ error: { message: 'stopped' } });
  service.now.onUpload = () => undefined;
}

/** As a process is killed that has not heard that the last refused orders are in their file. */
async function stopAsOrdersAreRefused(args: readonly string[], journal: string): Promise<void> {
  await stopAfter(5, args);
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const begun = lines.findLastIndex((line) => line.includes('begun_bytes'));
  writeFileSync(journal, `${lines.slice(0, begun + 1).join('\n')}\n`);
}

const numbersIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).order_number);

describe('refused orders of an upload that is not done', () => {
  it.each([
    ['longer', (text: string) => text.replaceAll('"x"', '"1234.50"')],
    ['as long', (text: string) => text.replace('"x"', '"7"')],
    ['gone in part', (text: string) => text.slice(0, text.indexOf('\n') + 1)],
    ['followed by others', (text: string) => `${text}{"order_number":"mine"}\n`],
  ])('are left alone when they are corrected: %s', async (what, correct) => {
    const { args, rejected } = stoppedUpload(`${what}.ndjson`);
    await stopAfter(5, args);
    const corrected = correct(readFileSync(rejected, 'utf8'));
    writeFileSync(rejected, corrected);
    const { uploads } = service.now;
    const { error } = await upload(args);
    const told = `${rejected} is not as it was left: send what is corrected in it, take it away, and`;
    expect(error).toMatchObject({ message: expect.stringContaining(told) });
    expect([readFileSync(rejected, 'utf8'), service.now.uploads]).toEqual([corrected, uploads]);
    rmSync(rejected);
    const { report } = await upload(args);
    expect(report).toMatchObject({ counts: { orders_created: 8 } });
    expect(numbersIn(rejected)).toEqual(['6', '9']);
  });

  it('are left alone when they are corrected while it goes on', async () => {
    const { args, rejected } = stoppedUpload('going-on.ndjson');
    service.now.onUpload = () => {
      if (service.now.uploads === 4) writeFileSync(rejected, 'corrected');
      return undefined;
    };
    const { error } = await upload(args);
    expect(error).toMatchObject({ message: expect.stringContaining('is not as it was left') });
    expect(readFileSync(rejected, 'utf8')).toBe('corrected');
  });

  it('are there once, also where a process ended before it knew that they are', async () => {
    const { args, rejected, journal } = stoppedUpload('killed.ndjson');
    await stopAsOrdersAreRefused(args, journal);
    expect(numbersIn(rejected)).toEqual(['0', '3']);
    await upload(args);
    expect(numbersIn(rejected)).toEqual(['0', '3', '6', '9']);
  });

  it('are written again where a process was killed while it wrote them', async () => {
    const { args, rejected, journal } = stoppedUpload('torn.ndjson');
    await stopAsOrdersAreRefused(args, journal);
    writeFileSync(rejected, readFileSync(rejected, 'utf8').slice(0, -100));
    expect(await upload(args)).toMatchObject({ report: { counts: { orders_created: 8 } } });
    expect(numbersIn(rejected)).toEqual(['0', '3', '6', '9']);
  });

  it('are known to be corrected where the process ended before it knew that they are', async () => {
    const { args, rejected, journal } = stoppedUpload('killed-corrected.ndjson');
    await stopAsOrdersAreRefused(args, journal);
    const corrected = readFileSync(rejected, 'utf8').replace(/"x"(?=[^"x]*"items".*\n$)/, '"7"');
    writeFileSync(rejected, corrected);
    expect(await upload(args)).toMatchObject({ report: undefined });
    expect(existsSync(rejected) && readFileSync(rejected, 'utf8')).toBe(corrected);
  });
});
