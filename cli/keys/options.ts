import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AdminOptions } from '../admin/options.ts';
import { UsageError } from '../usage-error.ts';
import { idInKey, mayBeId } from './pasted.ts';

export const USAGE = `npm run keys -- create SELLER [--label TEXT] [--scopes LIST] [--expires INSTANT]
npm run keys -- list SELLER
npm run keys -- rotate ID [--overlap-hours N]
npm run keys -- revoke ID

  ID                 a key's id, the third part of oa_live_ID_SECRET
  --label TEXT       what the key is for, such as erp
  --scopes LIST      orders:write,stats:read (default both)
  --expires INSTANT  when it ends, such as 2027-01-01T00:00:00Z (default never)
  --overlap-hours N  how long the old key lives on (default 24; 0 ends it within a minute)
  --data DIR         the folder of the npm start to talk to (default .local)
  --stage NAME       a deployed stage instead, as the AWS credentials of the environment
  --profile NAME     as another profile of the AWS configuration; only with --stage
  --help             this text`;

export type KeysCommand =
  | {
      readonly name: 'create';
      readonly user: string;
      readonly label?: string;
      readonly scopes?: readonly string[];
      readonly expires_at?: string;
    }
  | { readonly name: 'list'; readonly user: string }
  | (OfKey & { readonly name: 'rotate'; readonly overlap_hours?: number })
  | (OfKey & { readonly name: 'revoke' });

interface OfKey {
  readonly id: string;
  /** Whether the command held the key itself, which is therefore where the shell keeps commands. */
  readonly isPasted: boolean;
}

/** @throws {UsageError} when the arguments do not fit */
export function parseKeysOptions(
  args: readonly string[],
): { command: KeysCommand; of: AdminOptions['of'] } | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const { stage, profile, data = '.local' } = values;
  if (!stage && profile) throw unfit('--profile goes with --stage');
  if (stage && values.data)
    throw unfit('--data is for a local service, --stage for a deployed one');
  const of = stage ? { stage, profile } : { dataDir: resolve(data) };
  return { command: readCommand(positionals, values), of };
}

function readCommand(
  positionals: readonly string[],
  values: ReturnType<typeof parse>['values'],
): KeysCommand {
  const [name, subject, ...others] = positionals;
  if (!subject || others.length > 0) throw unfit('A command and one seller or key id are needed');
  const isOfKey = name === 'rotate' || name === 'revoke';
  const elsewhere = [...(isOfKey ? [] : positionals), ...Object.values(values)];
  if (elsewhere.some((text) => typeof text === 'string' && idInKey(text)))
    throw unfit('There is a key where none belongs: only rotate and revoke take one');
  switch (name) {
    case 'create':
      return {
        name,
        user: subject,
        label: values.label,
        scopes: values.scopes?.split(','),
        expires_at: values.expires,
      };
    case 'list':
      return { name, user: subject };
    case 'rotate': {
      const hours = values['overlap-hours'];
      return {
        name,
        ...keyOf(subject),
        ...(hours !== undefined && { overlap_hours: Number(hours) }),
      };
    }
    case 'revoke':
      return { name, ...keyOf(subject) };
    default:
      throw unfit(`There is no command ${name}`);
  }
}

/** The text is not said again in an error: it may be a part of a key. */
function keyOf(text: string): OfKey {
  const id = idInKey(text);
  if (id) return { id, isPasted: true };
  if (!mayBeId(text))
    throw unfit("That is no key's id, which has 12 letters and digits: the third part of a key");
  return { id: text, isPasted: false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        label: { type: 'string' },
        scopes: { type: 'string' },
        expires: { type: 'string' },
        'overlap-hours': { type: 'string' },
        data: { type: 'string' },
        stage: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    const [sentence = ''] = (cause as Error).message.split(/\. |\n/);
    throw unfit(sentence, cause);
  }
}

const unfit = (sentence: string, cause?: unknown) =>
  new UsageError(`${sentence}; npm run keys -- --help shows the commands.`, { cause });
