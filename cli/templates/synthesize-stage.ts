import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toError } from '../caught.ts';
import { UsageError } from '../usage-error.ts';
import { type Assembly, readAssembly } from './assembly.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What a deploy is told by `-c`. */
export interface StageContext {
  readonly stage: string;
  /** Where alarms are mailed, or `none`. */
  readonly alarmEmail: string;
}

/**
 * What the CDK app gives for a stage now, as a deploy would.
 *
 * @throws {UsageError} with what the app printed, when it fails
 */
export async function synthesizeStage(
  context: StageContext,
  signal: AbortSignal,
): Promise<Assembly> {
  const folder = temporaryFolder();
  try {
    await promisify(execFile)(
      process.execPath,
      ['-r', './bin/preflight.cjs', 'bin/order-analytics.ts'],
      {
        cwd: PROJECT,
        env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
        signal,
      },
    );
    return readAssembly(folder, context.stage);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof UsageError) throw cause;
    const { stderr } = Object(cause);
    throw new UsageError(`The CDK app does not synthesize.\n${stderr || cause}`, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'order-analytics-synth-'));
  } catch (cause) {
    throw new UsageError(
      `${tmpdir()}, where temporary files belong, cannot be used: ${toError(cause).message}.`,
      { cause },
    );
  }
}
