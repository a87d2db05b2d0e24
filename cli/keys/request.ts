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
  readonly key?: string;
  readonly replaces?: Key;
}

/**
 * What the service answers to a command: a key, or a list of them.
 *
 * @throws {ServiceError} when it refuses
 */
export function askKeys<Answer>(
  target: Omit<Target, 'title'>,
  command: KeysCommand,
  signal?: AbortSignal,
): Promise<Answer> {
  return askApi<Answer>(target, requestFor(command), signal);
}

function requestFor(command: KeysCommand): JsonRequest {
  switch (command.name) {
    case 'create': {
      const { name: _, ...body } = command;
      return { method: 'POST', path: '/admin/api/keys', body };
    }
    case 'list':
      return { method: 'GET', path: '/admin/api/keys', query: { user: command.user } };
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
