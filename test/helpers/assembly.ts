import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sourcesDigest } from '../../local/service/assembly-stamp.ts';
import { synthesize } from '../../local/service/synthesize.ts';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/order-analytics');

/**
 * The folder of the synthesized CDK app, kept between runs for as long as its sources are the same.
 */
export async function testAssembly(): Promise<string> {
  const digest = sourcesDigest();
  const kept = join(CACHE, digest);
  if (existsSync(kept)) return kept;
  mkdirSync(CACHE, { recursive: true });
  const others = readdirSync(CACHE).filter((name) => !name.startsWith(digest));
  for (const name of others) rmSync(join(CACHE, name), { recursive: true, force: true });
  const made = `${kept}.${process.pid}`;
  await synthesize(made, new AbortController().signal);
  try {
    renameSync(made, kept); // whole or not at all
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(made, { recursive: true }); // another run's came first
  }
  return kept;
}
