import pg from 'pg';

/**
 * Connections to a test's database. The pool does not wait for them to end when it ends, which the
 * database then does by force: what they say then is no failure.
 */
export function testPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', () => {}); // of one that nobody uses
  pool.on('connect', (client) => client.on('error', () => {})); // of one that ends already
  return pool;
}
