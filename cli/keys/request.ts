import { askApi } from '../target/ask-api.ts';
import type { JsonRequest } from '../target/signed-request.ts';
import type { Target } from '../target/target.ts';
import type { KeysCommand } from './arguments.ts';

/** A key as the service tells of it. */
export interface Key {
  readonly id: string;
  readonly user: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly replaced_by: string | null;
  readonly key?: string;
  readonly replaces?: Key;
}

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
    const page: KeysPage = await askApi(
      target,
      { method: 'GET', path: '/admin/api/keys', query },
      signal,
    );
    keys.push(...page.keys);
    after = page.next;
  } while (after);
  return keys;
}

interface KeysPage {
  readonly keys: readonly Key[];
  /** @default a service of before gives all at once */
  readonly next?: string | null;
}

/**
 * What the service answers to a command that is about one key.
 *
 * @throws {ServiceError} when it refuses
 */
export function askKeys<Answer>(
  target: Omit<Target, 'title'>,
  command: KeyCommand,
  signal?: AbortSignal,
): Promise<Answer> {
  return askApi<Answer>(target, requestFor(command), signal);
}

type KeyCommand = Exclude<KeysCommand, { readonly name: 'list' }>;

function requestFor(command: KeyCommand): JsonRequest {
  switch (command.name) {
    case 'create': {
      const { name: _, ...body } = command;
      return { method: 'POST', path: '/admin/api/keys', body };
    }
    case 'rotate': {
      const { name, id, isPasted: _, ...body } = command;
      return { method: 'POST', path: `/admin/api/keys/${encodeURIComponent(id)}/${name}`, body };
    }
    case 'revoke':
      return {
        method: 'POST',
        path: `/admin/api/keys/${encodeURIComponent(command.id)}/revoke`,
        body: {},
      };
  }
}
