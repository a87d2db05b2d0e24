import { defineConfig } from 'vitest/config';
import { testFiles } from './test/helpers/test-files.ts';

const { unit, templates, cloud } = testFiles();

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
      // Bundles are made once in a process: one process for many files saves half a minute.
      { extends: true, test: { name: 'templates', include: templates, isolate: false } },
      {
        extends: true,
        test: { name: 'cloud', include: cloud, globalSetup: ['test/helpers/global-setup.ts'] },
      },
    ],
  },
});
