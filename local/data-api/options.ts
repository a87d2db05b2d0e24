import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { folderFrom, portFrom, StartError } from '../start/options.ts';

export interface DataApiStartOptions {
  readonly port: number;
  /** The folder with the database. */
  readonly dataDir: string;
}

export const DATA_API_USAGE = `npm run data-api -- [--port 8080] [--data .local/data-api]

  --port N    the Data API's port (default 8080); PostgreSQL takes a free one
  --data DIR  where the database is kept between runs (default .local/data-api)
  --help      this text`;

/** @throws {StartError} when an option or its value does not fit */
export function parseDataApiOptions(args: readonly string[]): DataApiStartOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    port: portFrom(values.port ?? '8080'),
    dataDir: resolve(folderFrom(values.data ?? '.local/data-api')),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\. |\n/);
    throw new StartError(`${sentence}; npm run data-api -- --help shows the options.`, { cause });
  }
}
