import { describe, expect, it } from 'vitest';
import { helpText } from '../../cli/help.ts';
import { readFolder, readPort, readText } from '../../cli/option-values.ts';
import { type CommandLine, readArguments } from '../../cli/options.ts';
import { UsageError } from '../../cli/usage-error.ts';

const LINE = {
  name: 'npm run bake',
  options: {
    oven: { value: 'N', help: 'the port of the oven', default: '180', read: readPort },
    cake: { value: 'NAME', help: 'what is baked', required: true, read: readText },
    shelf: {
      value: 'DIR',
      help: 'where all that was baked is put to cool down, in the order in which it came out of the oven, until somebody fetches it',
      read: readFolder,
    },
    quiet: { help: 'says nothing' },
  },
} as const satisfies CommandLine;

const WITH_SUBCOMMANDS = {
  ...LINE,
  subcommands: {
    make: { subject: 'CAKE', options: ['oven', 'quiet'] },
    eat: { subject: 'CAKE', options: [] },
  },
  words: { CAKE: 'one that there is' },
} satisfies CommandLine;

describe('readArguments', () => {
  it('reads what is given, and defaults as if they were', () => {
    expect(readArguments(LINE, ['--cake', 'plum', '--quiet', '--shelf=/cool'])).toEqual({
      words: [],
      options: { oven: 180, cake: 'plum', shelf: '/cool', quiet: true },
    });
    expect(readArguments(LINE, ['--cake', 'plum'])).toEqual({
      words: [],
      options: { oven: 180, cake: 'plum', shelf: undefined, quiet: false },
    });
  });

  it('takes words only where there are subcommands', () => {
    const args = ['make', 'plum', '--cake', 'x'];
    expect(readArguments(WITH_SUBCOMMANDS, args)).toMatchObject({ words: ['make', 'plum'] });
    expect(() => readArguments(LINE, args)).toThrow("Unexpected argument 'make'; npm run bake");
  });

  it.each([
    [['eat', 'plum', '--cake', 'x', '--oven', '1'], '--oven goes with make alone;'],
    [['--quiet', '--cake', 'x', 'eat'], '--quiet goes with make alone;'],
    [['--cake', 'x', '--shelf', 'y'], '--shelf goes with give alone;'],
    [['give', '--cake', 'x', '--now'], '--now does not go with give;'],
  ])('refuses what would be ignored of %j', (args, sentence) => {
    const subcommands = {
      ...WITH_SUBCOMMANDS.subcommands,
      give: { options: ['shelf'] },
      '': { options: ['now'] },
    };
    const options = { ...LINE.options, now: { help: 'does not wait' } };
    expect(() => readArguments({ ...LINE, subcommands, options }, args)).toThrow(sentence);
  });

  it('gives help whatever else is missing or wrong', () => {
    expect(readArguments(LINE, ['--oven', 'hot', '--help'])).toBe('help');
  });

  it.each([
    [['--ovne', '1'], "Unknown option '--ovne'. Did you mean --oven?"],
    [['--ovens=1'], "Unknown option '--ovens'. Did you mean --oven?"],
    [['--cake', 'x', '--quit'], "Unknown option '--quit'. Did you mean --quiet?"],
    [['--hlep'], "Unknown option '--hlep'. Did you mean --help?"],
    [['--temperature'], "Unknown option '--temperature';"],
    [['--constructor'], "Unknown option '--constructor';"],
    [['-x'], "Unknown option '-x';"],
    [
      ['--cake', '--quiet'],
      '--cake has no value (one that begins with a dash is written --cake=-…);',
    ],
    [['--cake', ''], '--cake needs a value.'],
    [['--cake', 'x', '--cake', 'y'], '--cake is given twice;'],
    [[], '--cake is missing;'],
  ])('refuses %j: %s', (args, sentence) => {
    const read = () => readArguments(LINE, args);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
});

describe('helpText', () => {
  it('is written from the table, in columns and lines that fit a terminal', () => {
    expect(helpText(LINE)).toBe(`npm run bake -- [--oven N] --cake NAME [--shelf DIR] [--quiet]

  --oven N     the port of the oven (default 180)
  --cake NAME  what is baked
  --shelf DIR  where all that was baked is put to cool down, in the order in
               which it came out of the oven, until somebody fetches it
  --quiet      says nothing
  --help       this text`);
  });

  it('shows each subcommand with the options that go with it', () => {
    expect(helpText(WITH_SUBCOMMANDS)).toMatch(
      /^npm run bake -- make CAKE \[--oven N\] \[--quiet\]\nnpm run bake -- eat CAKE\n\n {2}CAKE +one that there is\n/,
    );
  });
});
