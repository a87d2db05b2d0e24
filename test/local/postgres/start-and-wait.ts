import pg from 'pg';
import { startPostgres } from '../../../local/postgres/server.ts';

// A process to be killed: starts a server on the data folder that its argument names, tells its
// process id and stays.
const server = await startPostgres({ dataDir: process.argv[2] ?? '' });
const client = new pg.Client(server.url());
await client.connect();
await client.query('CREATE TABLE kept AS SELECT 7 AS n');
await client.end();
process.send?.({ pid: server.pid });
