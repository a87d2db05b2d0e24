import { describe, expect, it } from 'vitest';
import { readKeysArguments } from '../../../cli/keys/arguments.ts';

const ROTATE = ['rotate', 'abcdefghijkl'];

describe('npm run keys -- rotate', () => {
  it('takes hours for the old key', () => {
    expect(readKeysArguments([...ROTATE, '--overlap-hours=0'])).toMatchObject({
      command: { overlap_hours: 0 },
    });
  });

  // An empty variable would be 0, which ends the old key at once.
  it.each(['', ' 5', '1e2', '0x10', '-1', '1.5'])('takes no hours that are %j', (hours) => {
    const read = () => readKeysArguments([...ROTATE, `--overlap-hours=${hours}`]);
    expect(read).toThrow(`--overlap-hours ${hours}: it is a whole number from 0.`);
  });

  it.each([
    '--scopes',
    '--expires',
    '--label',
  ])('refuses %s, as if it changed the key', (option) => {
    const read = () => readKeysArguments([...ROTATE, option, 'stats:read']);
    expect(read).toThrow(`${option} goes with create alone`);
  });
});
