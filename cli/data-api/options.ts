import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LOCAL_REGION } from '../../local/aws/account.ts';
import { folderFrom, portFrom } from '../start/options.ts';
import { UsageError } from '../usage-error.ts';

export interface DataApiStartOptions {
  readonly port: number;
  /** Of the ARNs, and the one that requests must be signed for. */
  readonly region: string;
  /** The folder with the database. */
  readonly dataDir: string;
}

export const DATA_API_USAGE = `npm run data-api -- [--port 8080] [--region us-east-1] [--data .local/data-api]

  --port N       the Data API's port (default 8080); PostgreSQL takes a free one
  --region NAME  the region that clients sign for, and of the ARNs (default us-east-1)
  --data DIR     where the database is kept between runs (default .local/data-api)
  --help         this text`;

/** @throws {UsageError} when an option or its value does not fit */
export function parseDataApiOptions(args: readonly string[]): DataApiStartOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    port: portFrom(values.port ?? '8080'),
    region: regionFrom(values.region ?? LOCAL_REGION),
    dataDir: resolve(folderFrom(values.data ?? '.local/data-api')),
  };
}

function regionFrom(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new UsageError(`--region ${text}: a region is named like ${LOCAL_REGION}.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        region: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence}; npm run data-api -- --help shows the options.`, { cause });
  }
}
