import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export interface AdminOptions {
  readonly of: Deployed | Local;
  /** Whether the browser is opened; the address and its code are printed either way. */
  readonly open: boolean;
}

/** The admin of a stage that was deployed. */
export interface Deployed {
  readonly stage: string;
  /** @default what the AWS SDK's default provider chain finds */
  readonly profile?: string | undefined;
}

/** The admin of the `npm start` that runs on a data folder. */
export interface Local {
  readonly dataDir: string;
}

export const USAGE = `npm run admin -- [--stage STAGE [--profile NAME] | --data .local] [--no-open]

  --stage STAGE   opens the admin of a deployed stage: dev, production
  --profile NAME  signs with these AWS credentials (default: as the AWS CLI finds them)
  --data DIR      without --stage: the folder of the npm start that runs (default .local)
  --no-open       prints the address and its code, and leaves the browser alone
  --help          this text`;

/** @throws {UsageError} when an option or its value does not fit */
export function parseAdminOptions(args: readonly string[]): AdminOptions | 'help' {
  const { help, stage, profile, data, 'no-open': noOpen = false } = parse(args);
  if (help) return 'help';
  for (const [name, value] of Object.entries({ stage, profile, data })) {
    if (value === '') throw new UsageError(`--${name} needs a value.`);
  }
  if (stage === undefined) {
    if (profile !== undefined) {
      throw new UsageError('--profile is for a deployed stage: name it with --stage.');
    }
    return { of: { dataDir: resolve(data ?? '.local') }, open: !noOpen };
  }
  if (data !== undefined) {
    throw new UsageError('--stage is for a deployed stage, --data for this machine: choose one.');
  }
  return { of: { stage, profile }, open: !noOpen };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string' },
        profile: { type: 'string' },
        data: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence}; npm run admin -- --help shows the options.`, { cause });
  }
}
