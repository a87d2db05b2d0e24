import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoShops } from '../../../cli/demo/demo.ts';
import { forPeople } from '../../../cli/for-people.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { KEY, playService } from './played-service.ts';

describe('demoShops', () => {
  const file = join(temporaryFolder(), 'demo.json');
  const kept = () => JSON.parse(readFileSync(file, 'utf8'));
  const whole = { tea_house: KEY, nordic_mugs: KEY, paper_and_ink: KEY };

  it.each([
    ['NULs, as after a power cut', '\0'.repeat(300)],
    ['half of it', '{"keys":{"tea_house":"oa_'],
    ['no keys', '{"keys":{},"isFilled":true}'],
    ['other keys', JSON.stringify({ keys: { ...whole, tea_house: 'ключ' }, isFilled: true })],
    ['a year that never was', JSON.stringify({ keys: whole, isFilled: true, untilMs: 'soon' })],
  ])('begin anew where there is %s', async (_what, left) => {
    const begun = new AbortController();
    await using service = await playService(() => begun.abort()); // enough to see that
    writeFileSync(file, left);
    const made = demoShops(file, service.endpoints, () => {}, begun.signal);
    await expect(made).rejects.toThrow(/aborted/);
    expect(kept()).toEqual({ keys: whole, isFilled: false, untilMs: expect.any(Number) });
  });

  it('leave a file of somebody else alone', async () => {
    await using service = await playService();
    writeFileSync(file, '{}');
    const made = demoShops(file, service.endpoints, () => {}, new AbortController().signal);
    expect(forPeople(await made.catch((caught: unknown) => caught))).toBe(
      `${file} holds something else than is kept there: move it away.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('{}');
  });

  it('stop in the middle of the year when they are told to', async () => {
    const stop = new AbortController();
    let uploads = 0;
    await using service = await playService(() => {
      uploads += 1;
      if (uploads === 4) stop.abort();
    });
    writeFileSync(file, '');
    const made = demoShops(file, service.endpoints, () => {}, stop.signal);
    await expect(made).rejects.toThrow(/aborted/);
    expect(kept()).toMatchObject({ isFilled: false });
    expect(uploads).toBeLessThanOrEqual(6); // each shop's next may be under way
  });
});
