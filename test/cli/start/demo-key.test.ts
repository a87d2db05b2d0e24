import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import { demoKey } from '../../../cli/start/demo-key.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { KEY, playService } from '../demo/played-service.ts';

describe('demoKey', () => {
  const file = join(temporaryFolder(), 'demo-key');

  it.each([
    ['NULs, as after a power cut', '\0'.repeat(85)],
    ['nothing', ''],
    ['a second line', `${KEY}\n${KEY}\n`],
    ['half of a key', KEY.slice(0, 30)],
    ['a key that is good no more', `${KEY.slice(0, -1)}1\n`],
  ])('is a new one in place of %s', async (_what, left) => {
    await using service = await playService();
    writeFileSync(file, left);
    expect(await demoKey(file, service.endpoints)).toBe(KEY);
    expect(readFileSync(file, 'utf8')).toBe(`${KEY}\n`);
  });

  it('leaves a file of somebody else alone, and says no word of it', async () => {
    await using service = await playService();
    writeFileSync(file, 'Ключи от квартиры');
    const error: unknown = await demoKey(file, service.endpoints).catch((caught) => caught);
    expect(forPeople(error)).toBe(`${file} holds something else than is kept there: move it away.`);
    expect(readFileSync(file, 'utf8')).toBe('Ключи от квартиры');
  });
});
