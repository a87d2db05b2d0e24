import type { CommandLine, OptionTable } from './options.ts';

const WIDTH = 80;

/** What `--help` prints: how a command is typed, and a line or more on each of its options. */
export function helpText({ name, subcommands, words = {}, options }: CommandLine): string {
  const forms = subcommands
    ? Object.entries(subcommands).map(([subcommand, { subject, options: own }]) => [
        ...[subcommand, subject].filter(Boolean),
        ...own.map((option) => form(option, options)),
      ])
    : [Object.keys(options).map((option) => form(option, options))];
  const rows = [
    ...Object.entries(words),
    ...Object.entries(options).map(([option, { help, ...more }]) => [
      typed(option, options),
      'default' in more ? `${help} (default ${more.default})` : help,
    ]),
    ['--help', 'this text'],
  ] as [string, string][];
  const column = Math.max(...rows.map(([term]) => term.length)) + 4;
  const lines = rows.map(
    ([term, text]) =>
      `  ${term}`.padEnd(column) + wrap(text, WIDTH - column).join(`\n${' '.repeat(column)}`),
  );
  return `${forms.map((parts) => `${name} -- ${parts.join(' ')}`).join('\n')}\n\n${lines.join('\n')}`;
}

function form(name: string, options: OptionTable): string {
  const option = options[name];
  const isRequired = option && 'required' in option;
  return isRequired ? typed(name, options) : `[${typed(name, options)}]`;
}

function typed(name: string, options: OptionTable): string {
  const option = options[name];
  return option && 'value' in option ? `--${name} ${option.value}` : `--${name}`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
