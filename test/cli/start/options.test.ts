import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../../cli/start/options.ts';
import { UsageError } from '../../../cli/usage-error.ts';

describe('parseStartOptions', () => {
  it('serves on port 3000 and keeps the data in .local unless told otherwise', () => {
    expect(parseStartOptions([])).toEqual({
      port: 3000,
      dataDir: resolve('.local'),
      reset: false,
    });
  });

  it('takes a port, a folder and a reset', () => {
    expect(parseStartOptions(['--port', '8080', '--data=/tmp/x', '--reset'])).toEqual({
      port: 8080,
      dataDir: '/tmp/x',
      reset: true,
    });
  });

  it('takes a rule for bodies', () => {
    expect(parseStartOptions(['--text-bodies', 'none'])).toMatchObject({ textBodies: 'none' });
  });

  it('is asked for help', () => {
    expect(parseStartOptions(['--help'])).toBe('help');
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
    [['--prot', '1'], "Unknown option '--prot'; npm start -- --help shows the options."],
    [['now'], "Unexpected argument 'now'; npm start -- --help shows the options."],
    [
      ['--reset=yes'],
      "Option '--reset' does not take an argument; npm start -- --help shows the options.",
    ],
    [
      ['--port'],
      "Option '--port <value>' argument missing; npm start -- --help shows the options.",
    ],
  ])('refuses %j in one sentence', (args, sentence) => {
    expect(() => parseStartOptions(args)).toThrow(new UsageError(sentence));
  });
});
