import { ConnectionError, ProblemError } from '../errors.ts';
import { InputError } from './input-error.ts';

/** Somebody has asked it to stop. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super('Stopped. The same command goes on.');
    this.signal = signal;
  }
}

/** What is the matter, and what to do, for people. */
export function failureText(error: unknown): string {
  if (error instanceof ProblemError) {
    const [detail = ''] = error.entries.map((entry) => entry.detail);
    const more = error.message.endsWith(detail) ? '' : ` ${ended(detail)}`;
    const id = error.requestId ? ` The request was ${error.requestId}.` : '';
    return `The service answers ${ended(error.message)}${more}${id}`;
  }
  if (error instanceof ConnectionError) {
    const why = reasonOf(error.cause);
    return `${error.message}${why && ` (${why})`} The same command goes on.`;
  }
  if (isSystemError(error)) return systemMessage(error);
  if (error instanceof InputError || error instanceof Stopped) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function systemMessage({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'The disk is full: make room, and the same command goes on.';
  return message;
}

/** What is at the root of a failure: `fetch` says only that it failed. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const { code = '' } = cause as NodeJS.ErrnoException;
  return reasonOf(cause.cause) || cause.message || code;
}

/** API Gateway's words have no full stop. */
function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
