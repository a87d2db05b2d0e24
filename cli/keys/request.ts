import * as v from 'valibot';
import { askApi } from '../target/ask-api.ts';
import type { Target } from '../target/target.ts';
import type { KeysCommand } from './arguments.ts';

const KEY = {
  id: v.string(),
  user: v.string(),
  label: v.string(),
  scopes: v.array(v.string()),
  state: v.string(),
  created_at: v.string(),
  last_used_at: v.nullable(v.string()),
  expires_at: v.nullable(v.string()),
  revoked_at: v.nullable(v.string()),
  replaced_by: v.nullable(v.string()),
};

const KeySchema = v.object(KEY);

/** A key as the service tells of it. */
export type Key = v.InferOutput<typeof KeySchema>;

const NewKeySchema = v.object({ ...KEY, key: v.string(), replaces: v.optional(KeySchema) });

/** A key as the service tells of it once, with its secret. */
export type NewKey = v.InferOutput<typeof NewKeySchema>;

const KeysPageSchema = v.object({
  keys: v.array(KeySchema),
  // A service of before gives all at once.
  next: v.nullish(v.string()),
});

/** All keys of a seller, or of all sellers; the service gives some at a time. */
export async function askAllKeys(
  target: Omit<Target, 'title'>,
  { user }: { readonly user?: string },
  signal?: AbortSignal,
): Promise<Key[]> {
  const keys: Key[] = [];
  let after: string | null | undefined;
  do {
    const query = { ...(user !== undefined && { user }), ...(after && { after }) };
    const request = { method: 'GET', path: '/admin/api/keys', query } as const;
    const page = await askApi(target, request, KeysPageSchema, signal);
    keys.push(...page.keys);
    after = page.next;
  } while (after);
  return keys;
}

type Command<Name> = Extract<KeysCommand, { readonly name: Name }>;

/** @throws {ServiceError} when the service refuses, or does not answer as it does */
export function createKey(
  target: Omit<Target, 'title'>,
  { name: _, ...body }: Command<'create'>,
  signal?: AbortSignal,
): Promise<NewKey> {
  return askApi(target, { method: 'POST', path: '/admin/api/keys', body }, NewKeySchema, signal);
}

/** @throws {ServiceError} when the service refuses, or does not answer as it does */
export function rotateKey(
  target: Omit<Target, 'title'>,
  { name: _, id, isPasted: __, ...body }: Command<'rotate'>,
): Promise<NewKey> {
  const path = `${pathOf(id)}/rotate`;
  return askApi(target, { method: 'POST', path, body }, NewKeySchema);
}

/** @throws {ServiceError} when the service refuses, or does not answer as it does */
export function revokeKey(
  target: Omit<Target, 'title'>,
  { id }: Pick<Command<'revoke'>, 'id'>,
  signal?: AbortSignal,
): Promise<Key> {
  const path = `${pathOf(id)}/revoke`;
  return askApi(target, { method: 'POST', path, body: {} }, KeySchema, signal);
}

const pathOf = (id: string) => `/admin/api/keys/${encodeURIComponent(id)}`;
