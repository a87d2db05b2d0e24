import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressLine, progressText } from '../../../client/src/command/progress.ts';

const MB = { orders: 1_000, elapsedMs: 10_000 };

function shownOn(isTTY: boolean, fractions: readonly number[], label?: string): string {
  let written = '';
  const line = new ProgressLine({ isTTY, write: (text) => (written += text) }, label);
  for (const [i, fraction] of fractions.entries()) {
    line.show({ fraction, orders: 100 * i, elapsedMs: 1_000 * i });
  }
  line.end();
  return written;
}

beforeEach(() => {
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('ProgressLine', () => {
  it('draws one line over and over on a terminal, and takes it away', () => {
    const shown = shownOn(true, [0.25, 0.5]);
    const drawn = shown.split('\r\x1b[2K');
    expect(drawn).toEqual([
      '',
      '██████░░░░░░░░░░░░░░░░░░ 25 %, 0 orders, 0 a second, 0:00 left',
      '████████████░░░░░░░░░░░░ 50 %, 100 orders, 100 a second, 0:01 left',
      '',
    ]);
  });

  it('prints a line for every tenth elsewhere', () => {
    const lines = shownOn(false, [0.05, 0.1, 0.15, 0.19, 0.41, 0.42, 1]).trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['10 %', '41 %', '100 %']);
    vi.stubEnv('TERM', 'dumb');
    expect(shownOn(true, [0.05, 0.1])).toMatch(/^10 %, .*\n$/);
  });

  it('says what is under way', () => {
    expect(shownOn(false, [0.5], 'looked through: ')).toMatch(/^looked through: 50 %, /);
    expect(shownOn(true, [0.5], 'looked through: ')).toContain('░ looked through: 50 %, ');
  });

  it('draws no more often than ten times a second', () => {
    let draws = 0;
    const line = new ProgressLine({ isTTY: true, write: () => (draws += 1) });
    for (let ms = 0; ms < 1_000; ms += 1) line.show({ fraction: 0, orders: 0, elapsedMs: ms });
    expect(draws).toBe(10);
  });
});

describe('progressText', () => {
  it('says what is left', () => {
    expect(progressText({ ...MB, fraction: 0.1 })).toBe(
      '10 %, 1,000 orders, 100 a second, 1:30 left',
    );
  });

  it('says no share of what has no known size', () => {
    expect(progressText({ ...MB, fraction: undefined })).toBe('1,000 orders, 100 a second');
  });
});
