import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStartArguments } from '../../../cli/start/arguments.ts';
import { UsageError } from '../../../cli/usage-error.ts';

describe('readStartArguments', () => {
  it('serves on port 3000 and keeps the data in .local unless told otherwise', () => {
    expect(readStartArguments([])).toEqual({
      port: 3000,
      dataDir: resolve('.local'),
      reset: false,
      demo: false,
      examples: false,
    });
  });

  it('takes a port, a folder and a reset', () => {
    expect(readStartArguments(['--port', '8080', '--data=/tmp/x', '--reset'])).toEqual({
      port: 8080,
      dataDir: '/tmp/x',
      reset: true,
      demo: false,
      examples: false,
    });
  });

  it('takes a rule for bodies', () => {
    expect(readStartArguments(['--text-bodies', 'none'])).toMatchObject({ textBodies: 'none' });
  });

  it('is asked for help', () => {
    expect(readStartArguments(['--help'])).toBe('help');
  });

  it.each([
    [['--port', 'http'], '--port http: a port is a whole number from 1 to 65535.'],
    [['--port', '0'], '--port 0: a port is a whole number from 1 to 65535.'],
    [['--port', '65536'], '--port 65536: a port is a whole number from 1 to 65535.'],
    [['--port', '3e3'], '--port 3e3: a port is a whole number from 1 to 65535.'],
    [
      ['--text-bodies', 'some'],
      '--text-bodies some: it is one of content-type, content-encoding, none.',
    ],
    [['--data', ''], '--data needs the name of a folder.'],
    [['--data', '/tmp/a\nb'], "--data: the folder's whole path must have no line break."],
    [
      ['--prot', '1'],
      "Unknown option '--prot'. Did you mean --port? npm start -- --help shows the options.",
    ],
    [['--fast'], "Unknown option '--fast'; npm start -- --help shows the options."],
    [['now'], "Unexpected argument 'now'; npm start -- --help shows the options."],
    [
      ['--reset=yes'],
      "Option '--reset' does not take an argument; npm start -- --help shows the options.",
    ],
    [
      ['--examples', '--reset'],
      '--reset does not go with --examples; npm start -- --help shows the options.',
    ],
    [
      ['--port'],
      "Option '--port <value>' argument missing; npm start -- --help shows the options.",
    ],
  ])('refuses %j in one sentence', (args, sentence) => {
    expect(() => readStartArguments(args)).toThrow(new UsageError(sentence));
  });
});
