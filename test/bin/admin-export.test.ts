import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { adminPrograms } from './admin-programs.ts';

const programs = adminPrograms();
const { admin, startLocal } = programs;
let folder: string;
beforeEach(() => {
  folder = programs.folder();
});

/** An answer with two orders of many. */
const PART = {
  statusCode: 200,
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'exported-orders': '2',
    'exported-rows': '2',
    'exported-total': '3.00',
    link: '</admin/orders.csv?after=there>; rel="next"',
  },
  body: `\ufeffhead\r\n1\r\n2\r\n`,
};
const LAST_PART = { ...PART, headers: { ...PART.headers, link: '' } };

describe('npm run admin -- export', () => {
  it('writes to stdout nothing but the file, and to stderr what it came to', async () => {
    const parts = [PART, LAST_PART];
    await startLocal(async () => parts.shift());
    const { child, ended } = admin(['export', '--data', folder]);
    const [stdout, stderr] = [buffer(child.stdout), text(child.stderr)];
    expect(await ended).toMatchObject({ code: 0 });
    expect((await stdout).toString()).toBe('\ufeffhead\r\n1\r\n2\r\n1\r\n2\r\n');
    expect(await stderr).toBe('4 orders · 6.00 in all.\n');
  });

  it('takes what npm run has written out of the file', async () => {
    await startLocal(async () => LAST_PART);
    const file = join(folder, 'orders.csv');
    writeFileSync(file, 'kept\n\n> order-analytics@0.1.0 admin\n> node bin/admin.ts export\n\n');
    const env = { npm_lifecycle_event: 'admin' };
    const out = openSync(file, 'a');
    expect(await admin(['export', '--data', folder], env, out).ended).toMatchObject({ code: 0 });
    closeSync(out);
    expect(readFileSync(file, 'utf8')).toBe('kept\n\ufeffhead\r\n1\r\n2\r\n');
  });

  it('refuses to write into a pipe what npm run has begun', async () => {
    await startLocal(async () => LAST_PART);
    const env = { npm_lifecycle_event: 'admin' };
    expect(await admin(['export', '--data', folder], env).ended).toMatchObject({
      code: 1,
      lines: [
        'npm run writes what it runs where the orders would be: type npm run -s admin -- export …',
      ],
    });
  });

  it('ends when it is told to, and says how to go on', async () => {
    const second = Promise.withResolvers<void>();
    const parts = [PART];
    await startLocal(async () => {
      const part = parts.shift();
      if (part) return part;
      second.resolve();
      return new Promise(() => {});
    });
    const { child, ended } = admin(['export', '--data', folder, '--filter', "q=it's"]);
    await second.promise;
    child.kill('SIGINT');
    const { code, lines } = await ended;
    expect([code, lines.at(-1)]).toEqual([
      130,
      `Stopped after 2 orders; what is written is whole up to there. The rest: npm run -s admin -- export --format csv --filter q=it%27s --after=there --data ${folder} >> FILE`,
    ]);
  });

  it('says that nothing was written when it is told to end before the first order', async () => {
    const first = Promise.withResolvers<void>();
    await startLocal(async () => {
      first.resolve();
      return new Promise(() => {});
    });
    const { child, ended } = admin(['export', '--data', folder]);
    await first.promise;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      code: 130,
      lines: ['Stopped before the first order; nothing was written.'],
    });
  });

  it.each([
    [['--filter', 'limit=5'], '--filter limit: it is no filter'],
    [['--after', ''], '--after needs a value.'],
    [['--after', '-1_5'], 'one that begins with a dash is written --after=-…'],
  ])('refuses %j before anything is written', async (args, sentence) => {
    const { code, lines } = await admin(['export', '--data', folder, ...args]).ended;
    expect([code, lines]).toEqual([1, [expect.stringContaining(sentence)]]);
  });

  it('ends without a word when nobody reads it any more', async () => {
    await startLocal(async () => PART);
    const { child, ended } = admin(['export', '--data', folder]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 130 });
  });

  it('says why it failed, with another status than 0', async () => {
    const detail = 'Something in the filter does not fit.';
    await startLocal(async () => ({ statusCode: 400, body: JSON.stringify({ detail }) }));
    expect(await admin(['export', '--data', folder]).ended).toMatchObject({
      code: 1,
      lines: [`400 ${detail}`],
    });
  });
});
