import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openText } from '../../../client/src/command/text-source.ts';
import { write } from './read-file.ts';

it.runIf(process.platform === 'linux').each(['/dev/fd', '/proc/self/fd'])(
  'a file that is open under a name of %s is read once: no journal stands beside that',
  async (names) => {
    const opened = openSync(write('opened.csv', 'a,b\n'), 'r');
    const source = await openText(`${names}/${opened}`, 'utf-8');
    expect(source).toMatchObject({ file: undefined, sizeBytes: undefined });
    expect(await text(source.text())).toBe('a,b\n');
    closeSync(opened);
  },
);
