import { readFileSync } from 'node:fs';
import { addressText, isAddress } from '../address.ts';
import { fitsHeader } from '../transport.ts';
import { InputError } from './input-error.ts';

export interface Target {
  readonly url: string;
  readonly key: string;
}

const ENDPOINTS = '.local/endpoints.json';

/**
 * Which service, and with which key: the address by `--url` or `ORDER_ANALYTICS_URL`, the key by
 * `ORDER_ANALYTICS_KEY` or a file, since an option would be seen in lists of processes. With
 * neither address nor key they are those that `npm start` has left.
 */
export function findTarget(
  { url, keyFile }: { readonly url: string | undefined; readonly keyFile: string | undefined },
  environment: NodeJS.ProcessEnv,
): Target {
  const address = url ?? environment.ORDER_ANALYTICS_URL;
  if (address !== undefined && !isAddress(address)) {
    throw new InputError(`The service's address ${addressText(address)}`);
  }
  const key = keyFile === undefined ? environment.ORDER_ANALYTICS_KEY : readKey(keyFile);
  if (key && !fitsHeader(key)) {
    throw new InputError(
      'The key is to be one line as oa_live_…, and has other characters than keys have.',
    );
  }
  if (address !== undefined && key) return { url: address, key };
  const local = address === undefined ? localTarget() : undefined;
  if (local) return { ...local, ...(key && { key }) };
  throw new InputError(
    address === undefined
      ? `Which service? Name its address by --url or ORDER_ANALYTICS_URL; ${ENDPOINTS}, which npm start writes, is not here.`
      : 'Which key? Put it into the variable ORDER_ANALYTICS_KEY, or name a file that has it by --key-file.',
  );
}

function readKey(file: string): string {
  const key = readText(file);
  if (key === '') throw new InputError(`The key's file ${file} is empty.`);
  return key;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new InputError(`The key's file ${file} cannot be read.`, { cause });
  }
}

function localTarget(): Target | undefined {
  try {
    const { api, sellerKey } = JSON.parse(readFileSync(ENDPOINTS, 'utf8')) as Record<
      string,
      string
    >;
    return api && sellerKey ? { url: api, key: sellerKey } : undefined;
  } catch {
    return undefined;
  }
}
