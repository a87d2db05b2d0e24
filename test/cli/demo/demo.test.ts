import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoShops } from '../../../cli/demo/demo.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { playService } from './played-service.ts';

describe('demoShops', () => {
  const file = join(temporaryFolder(), 'demo.json');
  const kept = () => JSON.parse(readFileSync(file, 'utf8'));

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
