import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Tests start hundreds of programs and functions. To strip types and to compile is half of what
// most of these processes do.
// https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache

/** Has programs that this process and its children start share the code that one has compiled. */
export function shareCompiledCode(): void {
  if (process.env.NODE_COMPILE_CACHE) return;
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-compiled-'));
  process.env.NODE_COMPILE_CACHE = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}

/** The variable for programs that are given an environment of their own. */
export const compiledCode = (): NodeJS.ProcessEnv => ({
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});
