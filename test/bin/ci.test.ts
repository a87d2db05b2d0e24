import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');
const STEPS = ['ci', 'test', 'run synth'];

let programs: string;
beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'order-analytics-ci-'));
});
afterEach(() => rmSync(programs, { recursive: true }));

/** Runs it with an npm that does nothing but say what it is asked for, and fail at a step. */
function run(failing: string) {
  const npm = `#!/bin/sh\necho "$*"\n[ "$*" != '${failing}' ] || exit 3\n`;
  writeFileSync(join(programs, 'npm'), npm, { mode: 0o755 });
  const PATH = [programs, process.env.PATH].join(delimiter);
  const { status, stdout } = spawnSync('bash', ['.ci/run'], {
    cwd: PROJECT,
    env: { ...process.env, PATH },
    encoding: 'utf8',
  });
  return { status, steps: stdout.trim().split('\n') };
}

describe('.ci/run', () => {
  it('installs, tests and synthesizes', () => {
    expect(run('nothing')).toEqual({ status: 0, steps: STEPS });
  });

  it.each(STEPS)('fails when npm %s fails, and does nothing after it', (step) => {
    const steps = STEPS.slice(0, STEPS.indexOf(step) + 1);
    expect(run(step)).toEqual({ status: 3, steps });
  });
});
