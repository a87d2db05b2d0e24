import { counted } from '../counted.ts';
import { pastedChoice, shellWord } from '../pasted-command.ts';
import type { SellersArguments } from './arguments.ts';
import type { Erased, Seller } from './request.ts';

/** What there is of a seller, and what erasing does. */
export function summary(seller: Seller, title: string): string {
  const { user, orders_count, total_revenue, keys_count, active_keys_count } = seller;
  return `${title} has of ${user}:
  ${counted(orders_count, 'order')}, together ${total_revenue}
  ${counted(keys_count, 'key')}, of which ${active_keys_count} ${active_keys_count === 1 ? 'opens' : 'open'} doors
Erasing deletes all that: orders with their items and former versions, receipts, statistics, keys, the
name itself. Only a backup brings it back. The keys end first: within a minute nothing opens any more.`;
}

/** How far it is, such as `4000 of 10000 orders are deleted`. */
export function progress(erased: Erased, { orders_count }: Seller, waitS?: number): string {
  if (waitS !== undefined)
    return `All but the keys and the name is deleted; these follow in ${waitS} s, when nothing can come any more that a key has let in`;
  const { orders_deleted, versions_deleted, receipts_deleted } = erased;
  const rest = versions_deleted + receipts_deleted;
  const more = rest > 0 ? `, and ${counted(rest, 'former version')} and receipts` : '';
  const known = Math.max(orders_count, orders_deleted);
  return `${orders_deleted} of ${counted(known, 'order')} ${known === 1 ? 'is' : 'are'} deleted${more}`;
}

/** What is deleted in the end. */
export function outcome(erased: Erased, user: string): string {
  const { orders_deleted, items_deleted, versions_deleted, receipts_deleted, keys_deleted } =
    erased;
  return `${user} is erased: ${[
    `${counted(orders_deleted, 'order')} with ${counted(items_deleted, 'item')}`,
    counted(versions_deleted, 'former version'),
    counted(receipts_deleted, 'receipt'),
    counted(keys_deleted, 'key'),
  ].join(', ')}`;
}

/** What stands when it ends early, and the command that does the rest. */
export function howToGoOn(erased: Erased, given: SellersArguments): string {
  return `${counted(erased.orders_deleted, 'order')} of ${given.user} ${erased.orders_deleted === 1 ? 'is' : 'are'} deleted for good, and a request that was under way may have deleted more.
To erase the rest: ${eraseCommand(given)}`;
}

/** What to type to erase a seller. */
export function eraseCommand({ user, of }: Pick<SellersArguments, 'user' | 'of'>): string {
  const choice = pastedChoice(of);
  return `npm run sellers -- erase ${choice && `${choice} `}${nameWord(user)}`;
}

/** So that one which begins with a dash is no option. */
const nameWord = (name: string) =>
  name.startsWith('-') ? `-- ${shellWord(name)}` : shellWord(name);
