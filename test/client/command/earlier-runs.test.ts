import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportJson, reportText } from '../../../client/src/command/report-text.ts';
import { folder, write } from './read-file.ts';
import { upload, useSmallService } from './small-service.ts';

const service = useSmallService();

const lines = (...numbers: string[]) =>
  numbers.map((number) => `{"order_number":"${number}","total_amount":"1.00"}\n`).join('');

function folderOf(name: string, files: Record<string, string>): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

async function reportOf(args: readonly string[]) {
  const { report, error } = await upload(args);
  if (!report) throw error;
  return { ...report, text: reportText(report) };
}

describe('figures', () => {
  it('are compared with what this run has sent, where others sent files before', async () => {
    const path = folderOf('added', { 'b.json': lines('b') });
    await upload([join(path, 'b.json')]);
    folderOf('added', { 'a.json': lines('a') });
    const { isAsExpected, text } = await reportOf([path]);
    expect(isAsExpected).toBe(true);
    expect(text).toContain('2 orders taken, 2.00: 2 new');
    expect(text).toContain('Of these 1 order had been sent before.');
    expect(text).toContain('They have grown by just what was sent now.');
  });

  it('are as they should be though what was refused was corrected, sent and taken away', async () => {
    const bad = lines('2').replace('1.00', 'x');
    const path = folderOf('daily', { '1.ndjson': `${lines('1')}${bad}` });
    await upload([path]);
    const rejected = join(path, '1.ndjson.rejected.ndjson');
    writeFileSync(rejected, readFileSync(rejected, 'utf8').replace('"x"', '"5.00"'));
    await upload([rejected]);
    rmSync(rejected);
    folderOf('daily', { '2.ndjson': lines('3') });
    const { isAsExpected, counts, rejectedFiles, text } = await reportOf([path]);
    expect([isAsExpected, counts.rejected, rejectedFiles]).toEqual([true, 0, []]);
    expect(text).toContain('1 order refused before, in a file that was taken away.\n');
  });

  it('are as they should be where a chunk was stored and its line was not written', async () => {
    const path = write('lost-line.ndjson', lines('1', '2'));
    await upload([path]);
    const journal = readFileSync(`${path}.journal`, 'utf8');
    writeFileSync(`${path}.journal`, journal.slice(0, journal.indexOf('\n') + 1));
    expect(await reportOf([path])).toMatchObject({ isAsExpected: true, sentBefore: 0 });
  });

  it('are not when something else changes orders meanwhile', async () => {
    const path = folderOf('meanwhile', { 'a.json': lines('1') });
    await upload([path]);
    folderOf('meanwhile', { 'b.json': lines('2') });
    service.now.onUpload = () => {
      service.now.orders.set('another', '1.00');
      return undefined;
    };
    const { isAsExpected, text } = await reportOf([path]);
    expect(isAsExpected).toBe(false);
    expect(text).toContain('NOT grown by just what was sent now');
  });
});

it.each(['--check', '--dry-run'])('%s says that nothing was stored', async (option) => {
  const path = write(`${option}.ndjson`, `${lines('1')}${lines('2').replace('1.00', 'x')}`);
  const report = await reportOf([path, option]);
  expect(service.now.orders.size).toBe(0);
  expect(report.text).toMatch(
    /^1 order would be taken, 1\.00: .*\n1 refused\.\nNothing was stored\.\n$/,
  );
  expect(JSON.parse(reportJson(report))).toMatchObject({ dry_run: true, rejected: 1 });
});
