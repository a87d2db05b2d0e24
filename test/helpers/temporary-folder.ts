import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** A new folder, removed when the tests of the enclosing `describe` are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'order-analytics-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
