import pg from 'pg';

/**
 * A client of our own server, not connected yet. What a person's shell has for other servers
 * (PGSSLMODE, PGOPTIONS and the like, which `pg` reads where nothing is said) does not reach it.
 */
export function createClient(config: string | pg.ClientConfig): pg.Client {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('PG'));
  for (const [name] of kept) delete process.env[name];
  try {
    return new pg.Client(config);
  } finally {
    Object.assign(process.env, Object.fromEntries(kept));
  }
}
