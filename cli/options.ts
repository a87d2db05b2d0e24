import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { toError } from './caught.ts';
import { nearestName } from './nearest-name.ts';
import { UsageError } from './usage-error.ts';

/** What a command is called by, and the options that it takes; `--help` is written from it. */
export interface CommandLine<Table extends OptionTable = OptionTable> {
  /** As it is typed: `npm run keys`. */
  readonly name: string;
  /** What may stand before the options; an empty name where it may be nothing. @default nothing */
  readonly subcommands?: Readonly<Record<string, Subcommand>>;
  /** What the words of the subcommands mean, where they do not say it themselves. */
  readonly words?: Readonly<Record<string, string>>;
  readonly options: Table;
}

export interface Subcommand {
  /** What it is about, in capitals. @default nothing */
  readonly subject?: string;
  /** The names of those options that go with it alone. */
  readonly options: readonly string[];
}

/** Options by their names, without the dashes. */
export type OptionTable = Readonly<Record<string, ValueOption | Switch>>;

/** An option with a value. */
export interface ValueOption {
  /** What stands for the value in `--help`, in capitals. */
  readonly value: string;
  readonly help: string;
  /** As it would be typed. */
  readonly default?: string;
  readonly required?: true;
  /**
   * What the text means. @default itself
   *
   * @throws {UsageError} when it does not fit
   */
  readonly read?: (text: string, option: string) => unknown;
}

/** An option that is given or not. */
export interface Switch {
  readonly help: string;
}

/** What a command was given. */
export interface Given<Table extends OptionTable> {
  /** What stands beside the options. */
  readonly words: readonly string[];
  readonly options: { readonly [Name in keyof Table]: GivenOption<Table[Name]> };
}

type GivenOption<Option> = Option extends { readonly value: string }
  ? Read<Option> | (Option extends { default: string } | { required: true } ? never : undefined)
  : boolean;

type Read<Option> = Option extends { read: (text: string, option: string) => infer Value }
  ? Value
  : string;

/** @throws {UsageError} when an option or its value does not fit */
export function readArguments<Table extends OptionTable>(
  line: CommandLine<Table>,
  args: readonly string[],
): Given<Table> | 'help' {
  const { values, positionals, tokens } = parse(line, args);
  if (values.help) return 'help';
  refuseTwice(line, tokens);
  refuseForeign(line, positionals[0] ?? '', Object.keys(values));
  const read = Object.entries(line.options).map(([name, option]) => [
    name,
    'value' in option ? readValue(line, name, option, values[name]) : values[name] === true,
  ]);
  return { words: positionals, options: Object.fromEntries(read) };
}

/** What is told of arguments that do not fit, with the name that was perhaps meant. */
export function misuse(
  { name, subcommands }: CommandLine,
  sentence: string,
  { meant, cause }: { readonly meant?: string | undefined; readonly cause?: unknown } = {},
): UsageError {
  const told = meant === undefined ? `${sentence}; ` : `${sentence}. Did you mean ${meant}? `;
  const shown = subcommands ? 'commands' : 'options';
  return new UsageError(`${told}${name} -- --help shows the ${shown}.`, { cause });
}

function readValue(line: CommandLine, name: string, option: ValueOption, given: unknown): unknown {
  const text = typeof given === 'string' ? given : option.default;
  if (text !== undefined) return option.read ? option.read(text, name) : text;
  if (option.required) throw misuse(line, `--${name} is missing`);
  return undefined;
}

function parse(line: CommandLine, args: readonly string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean' } };
  for (const [name, option] of Object.entries(line.options)) {
    options[name] = { type: 'value' in option ? 'string' : 'boolean' };
  }
  try {
    const allowPositionals = Boolean(line.subcommands);
    return parseArgs({ args: [...args], options, allowPositionals, tokens: true });
  } catch (cause) {
    throw misuse(line, complaint(toError(cause)), { meant: meantOption(options, args), cause });
  }
}

/** Which of two values is meant, nobody can know. */
function refuseTwice(line: CommandLine, tokens: ReturnType<typeof parse>['tokens']): void {
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (given.has(token.name)) throw misuse(line, `--${token.name} is given twice`);
    given.add(token.name);
  }
}

/** Refuses what would be ignored: options that go with other subcommands than the one given. */
function refuseForeign(line: CommandLine, subcommand: string, given: readonly string[]): void {
  const { subcommands = {} } = line;
  if (!Object.hasOwn(subcommands, subcommand)) return; // that is told first
  const own = subcommands[subcommand]?.options ?? [];
  for (const name of given.filter((one) => !own.includes(one))) {
    const owners = Object.keys(subcommands).filter((one) =>
      subcommands[one]?.options.includes(name),
    );
    if (owners.length === 0) continue;
    const alone = new Intl.ListFormat('en', { type: 'disjunction' }).format(owners);
    const told = owners.includes('')
      ? `does not go with ${subcommand}`
      : `goes with ${alone} alone`;
    throw misuse(line, `--${name} ${told}`);
  }
}

/** The first sentence of what is wrong with arguments. */
function complaint({ message }: Error): string {
  const [, option] = /^Option '(--\S+)' argument is ambiguous/.exec(message) ?? [];
  if (option) return `${option} has no value (one that begins with a dash is written ${option}=-…)`;
  return message.split(/\.\s|\n/)[0] ?? '';
}

/** The option whose name is nearest to the first one that there is not. */
function meantOption(options: ParseArgsOptionsConfig, args: readonly string[]): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const name = nearestName(token.name, Object.keys(options));
    return name && `--${name}`;
  }
  return undefined;
}
