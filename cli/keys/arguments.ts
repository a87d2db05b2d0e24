import { nearestName } from '../nearest-name.ts';
import { readCount } from '../option-values.ts';
import { type CommandLine, type Given, misuse, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';
import { idInKey, mayBeId } from './pasted.ts';

export interface KeysArguments {
  readonly command: KeysCommand;
  readonly of: TargetChoice;
}

export type KeysCommand =
  | {
      readonly name: 'create';
      readonly user: string;
      readonly label?: string;
      readonly scopes?: readonly string[];
      readonly expires_at?: string;
    }
  | { readonly name: 'list'; readonly user?: string }
  | (OfKey & { readonly name: 'rotate'; readonly overlap_hours?: number })
  | (OfKey & { readonly name: 'revoke' });

interface OfKey {
  readonly id: string;
  /** Whether the command held the key itself, which is therefore where the shell keeps commands. */
  readonly isPasted: boolean;
}

export const KEYS_LINE = {
  name: 'npm run keys',
  subcommands: {
    create: { subject: 'SELLER', options: ['label', 'scopes', 'expires'] },
    list: { subject: '[SELLER]', options: [] },
    rotate: { subject: 'ID', options: ['overlap-hours'] },
    revoke: { subject: 'ID', options: [] },
  },
  words: { ID: "a key's id, the third part of oa_live_ID_SECRET" },
  options: {
    label: { value: 'TEXT', help: 'what the key is for, such as erp' },
    scopes: { value: 'LIST', help: 'orders:write,orders:read,stats:read (default all)' },
    expires: {
      value: 'INSTANT',
      help: 'when it ends, such as 2027-01-01T00:00:00Z (default never)',
    },
    'overlap-hours': {
      value: 'N',
      help: 'how long the old key lives on (default 24; 0 ends it within a minute)',
      read: readCount,
    },
    ...TARGET_OPTIONS,
  },
} as const satisfies CommandLine;

type Options = Given<typeof KEYS_LINE.options>['options'];

/** @throws {UsageError} when the arguments do not fit */
export function readKeysArguments(args: readonly string[]): KeysArguments | 'help' {
  const given = readArguments(KEYS_LINE, args);
  if (given === 'help') return given;
  const { words, options } = given;
  return { of: chooseTarget(options), command: readCommand(words, options) };
}

function readCommand(words: readonly string[], options: Options): KeysCommand {
  const [name = '', subject, ...others] = words;
  if (name === 'list' && subject === undefined) return { name };
  if (!subject || others.length > 0)
    throw misuse(KEYS_LINE, 'A command and one seller or key id are needed');
  const isOfKey = name === 'rotate' || name === 'revoke';
  const elsewhere = [...(isOfKey ? [] : words), ...Object.values(options)];
  if (elsewhere.some((text) => typeof text === 'string' && idInKey(text)))
    throw misuse(KEYS_LINE, 'There is a key where none belongs: only rotate and revoke take one');
  switch (name) {
    case 'create':
      return {
        name,
        user: subject,
        label: options.label,
        scopes: options.scopes?.split(','),
        expires_at: options.expires,
      };
    case 'list':
      return { name, user: subject };
    case 'rotate': {
      const hours = options['overlap-hours'];
      return {
        name,
        ...keyOf(subject),
        ...(hours !== undefined && { overlap_hours: hours }),
      };
    }
    case 'revoke':
      return { name, ...keyOf(subject) };
    default: {
      const meant = nearestName(name, Object.keys(KEYS_LINE.subcommands));
      throw misuse(KEYS_LINE, `There is no command ${name}`, { meant });
    }
  }
}

/** The text is not said again in an error: it may be a part of a key. */
function keyOf(text: string): OfKey {
  const id = idInKey(text);
  if (id) return { id, isPasted: true };
  if (!mayBeId(text))
    throw misuse(
      KEYS_LINE,
      "That is no key's id, which has 12 letters and digits: the third part of a key",
    );
  return { id: text, isPasted: false };
}
