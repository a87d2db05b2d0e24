// One process runs many files, which saves most of their imports. Each file finds what the first
// one found: modules that nobody has used, and the process's own environment.

import { vi } from 'vitest';

const kept = globalThis as { firstEnvironment?: NodeJS.ProcessEnv };
kept.firstEnvironment ??= { ...process.env };

vi.resetModules();
for (const name of Object.keys(process.env)) {
  if (!(name in kept.firstEnvironment)) delete process.env[name];
}
Object.assign(process.env, kept.firstEnvironment);
