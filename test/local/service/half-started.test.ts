import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { startService } from '../../../local/service/service.ts';
import { prepareDataFolder, useDataFolder } from '../../helpers/data-folder.ts';

const data = useDataFolder();

it('stops what it had started when the last of its parts does not start', async () => {
  await using other = await listenOnLoopback(createServer(), 0);
  prepareDataFolder(data);
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
  const ports = lines.flatMap((line) => /is on port (\d+)$/.exec(line)?.[1] ?? []);
  expect(ports).toHaveLength(2); // PostgreSQL's and the Data API's
  for (const port of ports) {
    const client = connect(Number(port), '127.0.0.1');
    await expect(once(client, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
  expect(lines.at(-1)).toBe('The database schema is up to date');
});
