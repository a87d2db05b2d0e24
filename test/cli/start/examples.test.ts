import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examples } from '../../../cli/start/examples.ts';

describe('examples', () => {
  it("are the README's commands for the given address", () => {
    const commands = examples({ api: 'http://127.0.0.1:3000', sellerKey: '$SELLER_KEY' })
      .split('\n\n')
      .filter((part) => part.startsWith('curl'));
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const compact = (text: string) => text.replaceAll(/[\\\s]/g, '');
    expect(commands).toHaveLength(2);
    for (const command of commands) expect(compact(readme)).toContain(compact(command));
  });
});
