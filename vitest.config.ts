import { defineConfig } from 'vitest/config';
import { testFiles } from './test/helpers/test-files.ts';

const { unit, cloud } = testFiles();

export default defineConfig({
  test: {
    setupFiles: ['test/helpers/quiet-bundling.ts'],
    pool: 'forks',
    maxWorkers: '100%', // vitest would leave a core to its own, which mostly waits
    restoreMocks: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'unit', include: unit } },
      {
        extends: true,
        test: { name: 'cloud', include: cloud, globalSetup: ['test/helpers/global-setup.ts'] },
      },
    ],
  },
});
