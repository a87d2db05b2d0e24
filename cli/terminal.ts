import { createInterface } from 'node:readline';

/** A person at the terminal who can be asked. */
export interface Terminal extends Disposable {
  /** What is typed, up to the end of the line; `undefined` when nothing comes any more. */
  ask(question: string): Promise<string | undefined>;
}

interface Streams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * @param signal after which nothing comes any more
 * @param streams @default the process's own
 */
export function openTerminal(
  signal: AbortSignal,
  { input, output }: Streams = { input: process.stdin, output: process.stdout },
): Terminal {
  const lines = createInterface({ input, signal });
  const typed = lines[Symbol.asyncIterator]();
  return {
    async ask(question) {
      output.write(question);
      const { value, done } = await typed.next();
      if (done) output.write('\n'); // nobody has ended the question's line
      return done ? undefined : value;
    },
    [Symbol.dispose]: () => lines.close(),
  };
}
