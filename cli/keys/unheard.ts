import { errorCode } from '../caught.ts';
import { pastedCommand } from '../pasted-command.ts';
import { ServiceError } from '../service-error.ts';
import type { KeysArguments } from './arguments.ts';

/** Of a connection that there never was. */
const UNSENT: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * The error, which also tells what may have been done all the same: a key whose secret was in an
 * answer that nobody got opens nothing for anybody, and typing the command again makes another one.
 */
export function withWhatMayBe(error: unknown, { command, of }: KeysArguments): unknown {
  const mayBe = MAY_BE[command.name];
  if (!(error instanceof ServiceError) || !mayBe || !mayBeDone(error)) return error;
  const subject = command.name === 'create' ? [command.user] : [];
  const { message, status } = error;
  return new ServiceError(
    `${message}\n${mayBe} Look before you try again:\n${pastedCommand('npm run keys', ['list', ...subject], of)}`,
    { ...(status !== undefined && { status }), cause: error },
  );
}

const MAY_BE: Partial<Record<KeysArguments['command']['name'], string>> = {
  create:
    'The key may have been made all the same, with a secret that nobody has seen: then revoke it.',
  rotate:
    'The key may have been replaced all the same, by one whose secret nobody has seen: then revoke that one and create another.',
};

function mayBeDone({ status, cause }: ServiceError): boolean {
  if (status !== undefined) return status >= 500 || status < 300; // whoever has answered that
  return !UNSENT.has(errorCode(cause instanceof Error ? cause.cause : undefined));
}
