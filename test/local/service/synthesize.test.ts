import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { synthesize } from '../../../local/service/synthesize.ts';
import { useDataFolder } from '../../helpers/temporary-folder.ts';

const data = useDataFolder();
const never = new AbortController().signal;
const manifest = () => statSync(join(data.assembly, 'manifest.json'));

describe('synthesize', () => {
  it('leaves an assembly of the same sources as it is, and makes one of others anew', async () => {
    cpSync(inject('cloud').assembly, data.assembly, { recursive: true });
    const before = manifest();
    await synthesize(data.assembly, never);
    expect(manifest().ino).toBe(before.ino);

    const stamp = join(data.assembly, '.sources');
    const digest = readFileSync(stamp, 'utf8');
    writeFileSync(stamp, 'of other sources');
    await synthesize(data.assembly, never);
    expect(manifest().ino).not.toBe(before.ino);
    expect(readFileSync(stamp, 'utf8')).toBe(digest);
  });
});
