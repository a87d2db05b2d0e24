import { readFolder, readText } from '../option-values.ts';
import type { OptionTable } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { findDeployedAdmin } from './deployed.ts';
import { findLocalAdmin } from './local.ts';
import type { Target, TargetChoice } from './target.ts';

const DEFAULT_FOLDER = '.local';

/** The options of every command that talks to a local service or a deployed one. */
export const TARGET_OPTIONS = {
  data: {
    value: 'DIR',
    help: `the folder of the npm start to talk to (default ${DEFAULT_FOLDER})`,
    read: readFolder,
  },
  stage: {
    value: 'STAGE',
    help: 'a deployed stage instead: dev, production',
    read: readText,
  },
  profile: {
    value: 'NAME',
    help: 'with --stage: these AWS credentials (default: as the AWS CLI finds them)',
    read: readText,
  },
} as const satisfies OptionTable;

interface Given {
  readonly data?: string | undefined;
  readonly stage?: string | undefined;
  readonly profile?: string | undefined;
}

/** @throws {UsageError} when the options do not go together */
export function chooseTarget({ data, stage, profile }: Given): TargetChoice {
  if (stage === undefined) {
    if (profile !== undefined) {
      throw new UsageError('--profile is for a deployed stage: name it with --stage.');
    }
    return { dataDir: data ?? readFolder(DEFAULT_FOLDER, 'data') };
  }
  if (data !== undefined) {
    throw new UsageError('--stage is for a deployed stage, --data for this machine: choose one.');
  }
  return { stage, profile };
}

/**
 * @param signal after which nobody waits for AWS any more
 * @throws {UsageError} when there is none, or nobody who may see it
 */
export async function findTarget(choice: TargetChoice, signal: AbortSignal): Promise<Target> {
  return 'stage' in choice ? findDeployedAdmin(choice, signal) : findLocalAdmin(choice);
}
