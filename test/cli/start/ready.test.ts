import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ready } from '../../../cli/start/ready.ts';
import { dataFolder } from '../../../local/service/data-folder.ts';

describe('what npm start ends with', () => {
  it('is what the README shows, in lines of at most 80 columns', () => {
    const data = { ...dataFolder(resolve('.local')), logs: '/…/.local/logs' };
    const admin = 'file:///…/.local/admin.html';
    const block = ready({ api: 'http://127.0.0.1:3000', admin, data });
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    expect(readme).toContain(block.trim());
    expect(block.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('has commands that work on its own folder', () => {
    const data = dataFolder('/data/shop');
    const block = ready({ api: 'http://127.0.0.1:8080', admin: 'file:///x', data });
    expect(block).toContain('npm run admin -- --data /data/shop');
    expect(block).toContain('npm start -- --examples --data /data/shop');
  });
});
