import { createServer } from 'node:http';
import { getActiveResourcesInfo } from 'node:process';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { pgDataOf } from '../../../local/postgres/data-folder.ts';
import { endLeftovers } from '../../../local/postgres/processes.ts';
import { startService } from '../../../local/service/service.ts';
import { prepareDataFolder, useDataFolder } from '../../helpers/data-folder.ts';

const data = useDataFolder();

/** How many servers this process has; a port that they leave may at once be somebody else's. */
const listening = () => getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

it('stops what it had started when the last of its parts does not start', async () => {
  await using other = await listenOnLoopback(createServer(), 0);
  prepareDataFolder(data);
  const before = listening();
  const lines: string[] = [];
  const starting = startService({
    dataDir: data.folder,
    assembly: data.assembly,
    settings: { fsync: 'off' },
    port: other.port,
    log: (line) => lines.push(line),
    functionLog: () => {},
  });
  await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE', port: other.port });
  expect(lines.at(-1)).toBe('The database schema is up to date');
  expect(listening()).toBe(before);
  expect(await endLeftovers(pgDataOf(data.postgres))).toBe(false);
});
