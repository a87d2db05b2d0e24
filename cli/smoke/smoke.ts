import type { Target, TargetChoice } from '../target/target.ts';
import { apiOf } from './ask.ts';
import { removeSeller } from './remove.ts';
import { runStep, runSteps } from './run-steps.ts';
import { smokeSeller } from './sample.ts';
import { smokeSteps } from './steps.ts';

export interface Smoke {
  readonly target: Target;
  readonly of: TargetChoice;
  readonly say: (line: string) => void;
  /** How long to wait before a failure that may pass is tried again, each time. */
  readonly pausesMs?: readonly number[];
}

/** What a run has come to, for people. */
export interface Verdict {
  /** Whether nothing was found, and nothing is left. */
  readonly works: boolean;
  /** Whether the signal has ended it early. */
  readonly isStopped: boolean;
  readonly verdict: string;
}

/** Tries a service step by step; what this has made is removed then, also when it was stopped. */
export async function smoke(
  { target, of, say, pausesMs }: Smoke,
  signal: AbortSignal,
): Promise<Verdict> {
  const user = smokeSeller();
  say(`Trying ${target.title} as the seller ${user}`);
  const steps = smokeSteps({ target, api: apiOf(target, signal), user, pausesMs }, signal);
  const { failed, notTried } = await runSteps(steps, say, signal);
  const isStopped = signal.aborted;
  if (isStopped) say('Stopped: what was made is removed before this ends');
  const isRemoved = await runStep(
    {
      title: 'the key and all that there was of the seller are removed',
      run: () => removeSeller({ target, of, user, pausesMs, say }),
    },
    say,
  );
  const found = `${failed} of ${steps.length} steps failed, ${notTried} were not tried`;
  const parts = [
    isStopped || failed > 0 ? found : `All ${steps.length} steps work`,
    isRemoved ? 'nothing is left of the test' : `the seller ${user} may be left`,
  ];
  return { works: failed === 0 && isRemoved, isStopped, verdict: `${parts.join('; ')}.` };
}
