import type { Migration } from 'kysely';
import type { ConcurrentIndex } from './concurrent-index.ts';

/**
 * A change of the schema, in a transaction of its own; or indexes that are built outside of one
 * while others write, each going on where a run before has stopped.
 */
export type SchemaMigration =
  | Migration
  | { readonly indexes: readonly ConcurrentIndex[]; readonly down?: Migration['down'] };
