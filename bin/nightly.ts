import { forPeople } from '../cli/for-people.ts';
import { backfill } from '../cli/nightly/backfill.ts';
import { type NightlyOptions, parseNightlyOptions, USAGE } from '../cli/nightly/options.ts';
import { progressBar, rows } from '../cli/nightly/progress-bar.ts';
import { findNightlyFunction } from '../cli/nightly/service.ts';
import { stopSignal } from '../cli/stop-signal.ts';

// `npm run nightly`: has the nightly function compute a period, on this machine.

const signal = stopSignal();

try {
  const options = parseNightlyOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await run(options, signal);
} catch (error) {
  process.exitCode = 1;
  if (!signal.aborted) console.error(forPeople(error));
}

async function run({ from, to, dataDir }: NightlyOptions, signal: AbortSignal): Promise<void> {
  const nightly = await findNightlyFunction(dataDir, console.log, signal);
  try {
    const startedAt = performance.now();
    const bar = progressBar(process.stdout);
    const { daysDone, at, driftFound, ordersDamaged } = await backfill(
      { from, to },
      nightly.invoke,
      bar,
      signal,
    );
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    if (signal.aborted) process.exitCode = 130;
    const rest = at < to ? `; the rest: npm run nightly -- --from ${at} --to ${to}` : '';
    if (ordersDamaged > 0) {
      console.log(
        `${ordersDamaged} orders have other items than were uploaded, until their sellers upload them again: see docs/operations.md, OrdersDamaged`,
      );
    }
    console.log(
      `${daysDone} days are computed from their orders, ${rows(driftFound)} repaired, in ${seconds} s${rest}`,
    );
  } finally {
    await nightly.stop();
  }
}
