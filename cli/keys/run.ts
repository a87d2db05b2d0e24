import type { Target } from '../target/target.ts';
import type { KeysCommand } from './arguments.ts';
import { storiesOf, tableOfAll } from './listing.ts';
import { askAllKeys, createKey, type Key, type NewKey, revokeKey, rotateKey } from './request.ts';

/**
 * Does what a command says and tells what came of it.
 * A new key's secret is in nothing but the text.
 *
 * @throws {ServiceError}
 */
export async function runKeys(target: Target, command: KeysCommand): Promise<string> {
  switch (command.name) {
    case 'list': {
      const keys = await askAllKeys(target, command);
      return command.user === undefined ? tableOfAll(keys) : storiesOf(keys);
    }
    case 'create':
      return created(await createKey(target, command));
    case 'rotate':
      return `${created(await rotateKey(target, command))}${pasted(command)}`;
    case 'revoke': {
      const { id } = await revokeKey(target, command);
      return `${id} is revoked: it opens nothing any more; within a minute also where it was just in use.${pasted(command)}`;
    }
  }
}

function pasted({ isPasted }: { readonly isPasted: boolean }): string {
  return isPasted
    ? "\nThe command held the old key itself, which your shell's history may keep: its id alone is enough."
    : '';
}

function created({ key, id, user, scopes, expires_at, replaces }: NewKey): string {
  const until = expires_at ?? 'it is revoked';
  const old = replaces && `\n${replaced(replaces)}`;
  return `${key}

This is the only time that the key is shown. It opens ${scopes.join(' and ')} for ${user} until ${until};
its id is ${id}.${old ?? ''}`;
}

function replaced({ id, state, expires_at }: Key): string {
  return state === 'active'
    ? `${id}, which it replaces, opens them until ${expires_at}.`
    : `${id}, which it replaces, opens nothing any more; within a minute also where it was just in use.`;
}
