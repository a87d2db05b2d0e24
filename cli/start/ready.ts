import { join } from 'node:path';
import type { DataFolder } from '../../local/service/data-folder.ts';
import { pastedCommand } from '../pasted-command.ts';

export interface Ready {
  readonly api: string;
  /** Opens the admin in the browser that it is opened in. */
  readonly admin: string;
  readonly data: DataFolder;
}

/** Where everything is of a service that has started, and what to try. */
export function ready({ api, admin, data }: Ready): string {
  const command = (name: string, ...options: string[]) =>
    pastedCommand(name, options, { dataDir: data.folder });
  return `
  API     ${api}
          ${api}/api/docs
  Admin   ${command('npm run admin')}, or open in a browser:
          ${admin}
  Logs    ${join(data.logs, 'functions.log')}

  Try     ${command('npm start', '--examples')}
          for an upload, and the figures that it leads to, as curl commands
`;
}
