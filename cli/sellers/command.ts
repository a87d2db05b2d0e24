import { liveLine } from '../live-line.ts';
import { type Command, STOPPED } from '../run-command.ts';
import { findTarget } from '../target/choice.ts';
import { openTerminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readSellersArguments, SELLERS_LINE, type SellersArguments } from './arguments.ts';
import { confirm, erase } from './erase.ts';
import { findSeller } from './request.ts';
import { summary } from './texts.ts';

/** Erases a seller, of a local service or a deployed one. */
export const sellersCommand: Command<SellersArguments> = {
  line: SELLERS_LINE,
  read: readSellersArguments,
  run,
};

async function run(given: SellersArguments, signal: AbortSignal): Promise<void> {
  if (!given.isConfirmed && !process.stdin.isTTY) {
    throw new UsageError(
      "Nobody can be asked here: say the seller's name once more with --confirm, or use a terminal.",
    );
  }
  const target = await findTarget(given.of, signal);
  const seller = await findSeller(target, given.user, signal);
  console.log(summary(seller, target.title));
  if (!given.isConfirmed) {
    using terminal = openTerminal(signal);
    await confirm(seller, terminal).catch((error) => {
      if (signal.aborted) console.log('Nothing was erased.');
      throw error;
    });
  }
  const line = liveLine(process.stdout);
  const { isStopped, text } = await erase(target, seller, given, line.show, signal).finally(
    line.end,
  );
  console.log(text);
  if (isStopped) process.exitCode = STOPPED;
}
