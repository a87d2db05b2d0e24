import { counted } from '../counted.ts';
import { liveLine } from '../live-line.ts';
import { pastedCommand } from '../pasted-command.ts';
import { type Command, STOPPED } from '../run-command.ts';
import { ServiceError } from '../service-error.ts';
import { NIGHTLY_LINE, type NightlyArguments, readNightlyArguments } from './arguments.ts';
import { backfill } from './backfill.ts';
import { progressLine } from './progress-bar.ts';
import { findNightlyFunction } from './service.ts';

/** Has the nightly function compute a period, on this machine. */
export const nightlyCommand: Command<NightlyArguments> = {
  line: NIGHTLY_LINE,
  read: readNightlyArguments,
  run,
};

async function run({ from, to, dataDir }: NightlyArguments, signal: AbortSignal): Promise<void> {
  await using nightly = await findNightlyFunction(dataDir, console.log, signal);
  const startedAt = performance.now();
  const line = liveLine(process.stdout);
  let reached = from;
  const { daysDone, at, driftFound, ordersDamaged } = await backfill(
    { from, to },
    nightly.invoke,
    (progress) => {
      reached = progress.at;
      line.show(progressLine(progress));
    },
    signal,
  )
    .finally(() => line.end())
    .catch((error) => {
      if (!(error instanceof ServiceError)) throw error;
      const rest = restCommand({ from: reached, to, dataDir });
      throw new ServiceError(`${error.message}\nThe rest:\n${rest}`, { cause: error });
    });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  if (signal.aborted) process.exitCode = STOPPED;
  if (ordersDamaged > 0) {
    console.log(
      `${counted(ordersDamaged, 'order')} with other items than were uploaded, until the seller uploads them again: see docs/operations.md, OrdersDamaged`,
    );
  }
  console.log(
    `${counted(daysDone, 'day')} computed from the orders, ${counted(driftFound, 'row')} repaired, in ${seconds} s`,
  );
  if (at < to) console.log(`The rest:\n${restCommand({ from: at, to, dataDir })}`);
}

/** The command that goes on with what is left, on the same folder. */
function restCommand({ from, to, dataDir }: NightlyArguments): string {
  return pastedCommand('npm run nightly', ['--from', from, '--to', to], { dataDir });
}
