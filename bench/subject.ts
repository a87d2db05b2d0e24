import type { Conditions } from './results.ts';

/** What a benchmark gets from `command.ts`. */
export interface Bench {
  /** An empty folder of its own, for the stand-ins' data; deleted at the end. */
  readonly folder: string;
  /** On how many orders to measure, as asked for. @default the benchmark says */
  readonly orders?: number | undefined;
  /** For how long. @default the benchmark says */
  readonly minutes?: number | undefined;
  /** Shows a line to whoever watches. */
  print(line: string): void;
  /** Has something stopped at the end, also after a failure; what came last goes first. */
  atEnd(stop: () => unknown): void;
  /** Tells in which file the result is kept, once it is, and under which conditions. */
  whenKept(tell: (file: string, at: Conditions) => void): void;
  /** Has what was started disposed of in the same way, and returns it. */
  use<Started extends AsyncDisposable>(started: Started): Started;
}

/** What a benchmark found; `command.ts` adds the conditions and keeps it in `results/`. */
export interface Report {
  /** As `SHOW server_version` says it. */
  readonly postgres: string;
  /** How many rows it was measured on, by what they are, such as `{ orders: 1_000_000 }`. */
  readonly rowCounts: Readonly<Record<string, number>>;
  /** In what `p50` and `p95` are counted, such as `ms` or `orders/s`. */
  readonly unit: string;
  readonly figures: readonly Figure[];
  /** Whatever else is worth keeping of the whole. */
  readonly [detail: string]: unknown;
}

export interface Figure {
  readonly name: string;
  readonly p50: number;
  /**
   * The value that 95 of 100 samples do not exceed, or, where more is better, do not stay under.
   */
  readonly p95: number;
  /** Whatever else is worth keeping of it. */
  readonly [detail: string]: unknown;
}

/**
 * A file `<subject>.bench.ts` exports this as `bench`: it checks what it times, and prints a table.
 */
export type Subject = (bench: Bench) => Promise<Report>;
