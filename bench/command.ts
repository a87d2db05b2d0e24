import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../cli/run-command.ts';
import { unlessAborted } from '../cli/stop-signal.ts';
import {
  BENCH_LINE,
  type BenchArguments,
  readBenchArguments,
  SUBJECT_SUFFIX,
} from './arguments.ts';
import { conditions, saveResults } from './results.ts';
import type { Bench, Subject } from './subject.ts';
import { uploadAgainst } from './upload-against.ts';

/** Runs the benchmarks named, or all of them, one after the other. */
export const benchCommand: Command<BenchArguments> = {
  line: BENCH_LINE,
  read: readBenchArguments,
  run,
};

async function run(
  { subjects, against, orders, minutes }: BenchArguments,
  signal: AbortSignal,
): Promise<void> {
  if (against !== undefined) {
    const subject: Subject = (bench) => uploadAgainst(bench, against);
    return measure(`upload-against-${against}`, subject, signal);
  }
  for (const name of subjects) {
    const { bench }: { bench: Subject } = await import(`./${name}${SUBJECT_SUFFIX}`);
    await measure(name, (given) => bench({ ...given, orders, minutes }), signal);
  }
}

/** Keeps what a benchmark finds; what it has begun is ended in any case. */
async function measure(name: string, subject: Subject, signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `order-analytics-bench-${name}-`));
  // Else PostgreSQL's own user cannot enter, and its data goes elsewhere and stays.
  chmodSync(folder, 0o755);
  await using ends = new AsyncDisposableStack();
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  console.log(`\n# ${name}\n`);
  const whenKept: Parameters<Bench['whenKept']>[0][] = [];
  const finding = subject({
    folder,
    print: (line) => console.log(line),
    atEnd: (stop) => {
      ends.defer(async () => {
        await stop();
      });
    },
    whenKept: (tell) => whenKept.push(tell),
    use: (started) => ends.use(started),
  });
  const { postgres, ...found } = await unlessAborted(finding, signal);
  const at = conditions(postgres);
  const file = saveResults(name, at, found);
  console.log(`\nKept in ${file}`);
  for (const tell of whenKept) tell(file, at);
}
