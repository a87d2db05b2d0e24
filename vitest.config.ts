import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    setupFiles: ['test/helpers/quiet-bundling.ts'],
    pool: 'forks',
    maxWorkers: '100%', // vitest would leave a core to its own, which mostly waits
    restoreMocks: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
