import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployOptionError } from './deploy-option-error.ts';

/**
 * The CDK makes its bundles in a folder of the system's.
 *
 * @throws {DeployOptionError} when nothing can be made there
 */
export function assertTemporaryFolder(): void {
  try {
    rmdirSync(mkdtempSync(join(tmpdir(), 'order-analytics-')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DeployOptionError(
      `Nothing can be written to ${tmpdir()}, where temporary files belong (${code}): TMPDIR names another folder.`,
    );
  }
}
