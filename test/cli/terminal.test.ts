import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../../cli/terminal.ts';

function open() {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  const controller = new AbortController();
  const terminal = openTerminal(controller.signal, { input, output });
  return { input, controller, terminal, printed: () => output.read() };
}

describe('a terminal', () => {
  it('asks one thing after the other, also of who types ahead', async () => {
    const { input, terminal, printed } = open();
    input.write('first\nЧай \n');
    expect(await terminal.ask('One? ')).toBe('first');
    expect(await terminal.ask('Two? ')).toBe('Чай ');
    expect(printed()).toBe('One? Two? ');
    terminal[Symbol.dispose]();
  });

  it.each([
    ['ends the input', ({ input }: ReturnType<typeof open>) => input.end()],
    ['stops the command', ({ controller }: ReturnType<typeof open>) => controller.abort()],
  ])('has no answer of who %s, and the next line begins anew', async (_what, leave) => {
    const opened = open();
    const answer = opened.terminal.ask('One? ');
    leave(opened);
    expect(await answer).toBeUndefined();
    expect(opened.printed()).toBe('One? \n');
  });
});
