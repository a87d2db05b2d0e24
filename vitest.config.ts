import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { shareCompiledCode } from './test/helpers/compiled-code.ts';
import { testFiles } from './test/helpers/test-files.ts';

shareCompiledCode();

const { unit, templates, cloud } = testFiles();
const PROJECTS = ['unit', 'templates', 'cloud'];
const asIfAlone = ['test/helpers/as-if-alone.ts'];

/**
 * One project after the other, since a process is only used again for files of its own project. The
 * last is that of which the last files are short: of them no core waits long for another.
 */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ project }: TestSpecification) => PROJECTS.indexOf(project.name);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    setupFiles: ['test/helpers/quiet-bundling.ts'],
    isolate: false,
    sequence: { sequencer: ByProject },
    pool: 'forks',
    // Half of the long files wait: for deadlines, for PostgreSQL and for programs. With a worker a
    // core, cores would, too.
    maxWorkers: availableParallelism() + 2,
    execArgv: ['--max-semi-space-size=32'], // with 16 MiB, young objects are looked at more often
    restoreMocks: true,
    env: {
      // Who wants to read a log says so before the function's code is loaded.
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      CDK_VALIDATION: 'false', // seconds in each process; `test/lib/stacks.test.ts` asks for it
    },
    // Far above what any takes alone: a busy machine makes none red.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      { extends: true, test: { name: 'unit', include: unit, setupFiles: asIfAlone } },
      // Bundles are made once in a process, and all files share them.
      { extends: true, test: { name: 'templates', include: templates } },
      {
        extends: true,
        test: {
          name: 'cloud',
          include: cloud,
          setupFiles: asIfAlone,
          globalSetup: ['test/helpers/global-setup.ts'],
        },
      },
    ],
  },
});
