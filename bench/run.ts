import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conditions, saveResults } from './results.ts';
import type { Subject } from './subject.ts';

// `npm run bench -- [subject …]` runs the benchmarks named, or all of them, one after the other.

const SUFFIX = '.bench.ts';
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : known) await run(name);

async function run(name: string): Promise<void> {
  const { bench } = (await import(`./${name}${SUFFIX}`)) as { bench: Subject };
  const folder = mkdtempSync(join(tmpdir(), `order-analytics-bench-${name}-`));
  // Else PostgreSQL's own user cannot enter, and its data goes elsewhere and stays.
  chmodSync(folder, 0o755);
  const ends = new AsyncDisposableStack();
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  let ended: Promise<void> | undefined;
  const cleanUp = () => {
    ended ??= ends.disposeAsync();
    return ended;
  };
  const interrupted = () => void cleanUp().finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    console.log(`\n# ${name}\n`);
    const { postgres, ...found } = await bench({
      folder,
      print: (line) => console.log(line),
      atEnd: (stop) => {
        ends.defer(async () => {
          await stop();
        });
      },
      use: (started) => ends.use(started),
    });
    console.log(`\nKept in ${saveResults(name, conditions(postgres), found)}`);
  } finally {
    await cleanUp();
    for (const signal of SIGNALS) process.off(signal, interrupted);
  }
}
