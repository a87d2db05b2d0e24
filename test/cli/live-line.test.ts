import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveLine } from '../../cli/live-line.ts';

function shown(isTTY: boolean): string {
  let text = '';
  const line = liveLine({
    isTTY,
    write: (more) => {
      text += more;
    },
  });
  line.end();
  line.show('one');
  line.show('two');
  line.end();
  line.end();
  return text;
}

beforeEach(() => {
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('liveLine', () => {
  it('shows one in place of another on a terminal, and ends the last before something else', () => {
    expect(shown(true)).toBe('\r\x1b[2Kone\r\x1b[2Ktwo\n');
  });

  it('keeps them all in a file, and on a terminal that can only print', () => {
    expect(shown(false)).toBe('one\ntwo\n');
    vi.stubEnv('TERM', 'dumb');
    expect(shown(true)).toBe('one\ntwo\n');
  });
});
