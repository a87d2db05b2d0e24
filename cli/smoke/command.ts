import { type Command, STOPPED } from '../run-command.ts';
import { findTarget } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';
import { readSmokeArguments, SMOKE_LINE } from './arguments.ts';
import { smoke } from './smoke.ts';

/** Tries a local service or a deployed one as a seller of its own, who is gone afterwards. */
export const smokeCommand: Command<TargetChoice> = {
  line: SMOKE_LINE,
  read: readSmokeArguments,
  async run(of, signal) {
    const target = await findTarget(of, signal);
    const { isStopped, verdict, works } = await smoke({ target, of, say: console.log }, signal);
    if (works) console.log(verdict);
    else console.error(verdict);
    if (isStopped || !works) process.exitCode = isStopped ? STOPPED : 1;
  },
};
