import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const APP = join(import.meta.dirname, '../../bin/order-analytics.ts');

/**
 * Synthesizes the CDK app into `directory`, as `cdk synth` would, in a process of its own: the CDK
 * would keep this one from anything else for three seconds.
 *
 * @throws with what the app printed, when it fails
 */
export async function synthesize(directory: string, signal: AbortSignal): Promise<void> {
  rmSync(directory, { recursive: true, force: true }); // or bundles of earlier sources pile up
  try {
    await promisify(execFile)(process.execPath, [APP], {
      env: { ...process.env, CDK_OUTDIR: directory },
      signal,
    });
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new Error(`The CDK app does not synthesize.\n${stderr || message}`, { cause });
  }
}
