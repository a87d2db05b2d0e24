import { toError } from '../caught.ts';

/** Something that works or not. */
export interface Step {
  /** What is so when it works. */
  readonly title: string;
  /** Whether nothing after it can work without. */
  readonly isNeeded?: true;
  /** @throws when it does not work; the message says why */
  run(): Promise<void>;
}

/** How steps went. */
export interface Outcome {
  readonly failed: number;
  readonly notTried: number;
}

/** Runs steps one after the other and says a line of each, up to a needed one that fails. */
export async function runSteps(
  steps: readonly Step[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  let failed = 0;
  for (const [at, step] of steps.entries()) {
    if (signal.aborted) return { failed, notTried: steps.length - at };
    const works = await runStep(step, say, signal);
    if (works) continue;
    if (signal.aborted) return { failed, notTried: steps.length - at };
    failed++;
    if (step.isNeeded) return { failed, notTried: steps.length - at - 1 };
  }
  return { failed, notTried: 0 };
}

/** Whether it works; of one that is stopped nothing is said. */
export async function runStep(
  { title, run }: Pick<Step, 'title' | 'run'>,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const startedAt = performance.now();
  const line = (how: string) => {
    const ms = Math.round(performance.now() - startedAt);
    say(`${how.padEnd(6)} ${String(ms).padStart(6)} ms  ${title}`);
  };
  try {
    await run();
    line('ok');
    return true;
  } catch (error) {
    if (signal?.aborted) return false;
    line('FAILED');
    say(toError(error).message.replaceAll(/^/gm, '    '));
    return false;
  }
}
