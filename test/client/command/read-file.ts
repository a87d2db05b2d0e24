import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from '../../../client/src/command/arguments.ts';
import type { FileOrder } from '../../../client/src/command/file-order.ts';
import { openOrders } from '../../../client/src/command/order-file.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

export const folder = temporaryFolder();

/** A file of the test's own. */
export function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What the command reads out of a file, by its options. */
export async function read(path: string, ...options: string[]): Promise<FileOrder[]> {
  const args = readArguments(['upload', path, ...options]);
  if (!args) throw new Error('There are no arguments.');
  const file = await openOrders(path, args.form);
  return all(file.orders('me'));
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const members: T[] = [];
  for await (const member of source) members.push(member);
  return members;
}

/** The orders as they are sent, and what is wrong with each. */
export const sent = (orders: readonly FileOrder[]) =>
  orders.map(({ order }) => JSON.parse(order!.json));
export const wrong = (orders: readonly FileOrder[]) =>
  orders.map((one) => one.errors.map(({ code }) => code));
