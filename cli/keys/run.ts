import type { Target } from '../target/target.ts';
import type { KeysCommand } from './arguments.ts';
import { storiesOf, tableOfAll } from './listing.ts';
import { askAllKeys, askKeys, type Key } from './request.ts';

/**
 * Does what a command says and tells what came of it.
 * A new key's secret is in nothing but the text.
 *
 * @throws {ServiceError}
 */
export async function runKeys(target: Target, command: KeysCommand): Promise<string> {
  if (command.name === 'list') {
    const keys = await askAllKeys(target, command);
    return command.user === undefined ? tableOfAll(keys) : storiesOf(keys);
  }
  const answer = await askKeys<Key>(target, command);
  switch (command.name) {
    case 'revoke':
      return `${answer.id} is revoked: it opens nothing any more; within a minute also where it was just in use.${pasted(command)}`;
    case 'rotate':
      return `${created(answer)}${pasted(command)}`;
    default:
      return created(answer);
  }
}

function pasted({ isPasted }: { readonly isPasted: boolean }): string {
  return isPasted
    ? "\nThe command held the old key itself, which your shell's history may keep: its id alone is enough."
    : '';
}

function created({ key, id, user, scopes, expires_at, replaces }: Key): string {
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
