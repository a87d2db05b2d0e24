import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { appendWhole } from './append-whole.ts';
import { addCounts, type Counts, countsOf, NO_COUNTS } from './counts.ts';
import { type Lock, lock } from './file-lock.ts';
import { type Content, type Left, NOTHING_LEFT, refuseToLose } from './rejected-file.ts';
import type { ChunkResult } from './send-chunk.ts';

/** What is sent, and to whom: a journal goes on only with just the same. */
export interface Subject {
  readonly url: string;
  readonly user: string;
  readonly formDigest: string;
  readonly chunkBytes: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** What the service says of a seller's orders. */
export interface Figures {
  readonly orders_count: number;
  readonly total_revenue: string;
}

interface Head {
  readonly run: string;
  /** The figures when it began. */
  readonly before: Figures;
  readonly subject: Subject;
}

/** A chunk that is done: what came of it, in cents as text. */
type Entry = Omit<Counts, 'cents'> & {
  readonly chunk: number;
  readonly cents: string;
} & Kept;

/** What the file of refused orders was then. */
interface Kept {
  readonly rejected_bytes: number;
  readonly rejected_digest?: string | undefined;
}

/** A chunk that has refused orders and is not done before its line comes: what they make of it. */
interface Begun extends Kept {
  readonly begun_bytes: number;
  readonly begun_digest?: string | undefined;
}

export interface JournalOptions {
  readonly path: string;
  readonly subject: Subject;
  /** Whether what is there counts for nothing. */
  readonly beginsAnew: boolean;
  /** Where refused orders will be. */
  readonly rejected: string;
}

/**
 * What has been sent of a file: a line a chunk, added when that is done, so that a process that
 * was killed at any moment is gone on from. A chunk whose line is missing is sent again, under the
 * same idempotency key.
 */
export class Journal {
  readonly run: string;
  readonly before: Figures;
  /** Whether it was begun by this run, and its figures are of now. */
  readonly isNew: boolean;
  readonly #path: string;
  readonly #entries: Map<number, Entry>;
  readonly #held: Lock;
  /** The file of refused orders, after the last line. */
  readonly rejected: Left;

  private constructor(
    path: string,
    { run, before }: Head,
    lines: readonly (Entry | Begun)[] | undefined,
    held: Lock,
  ) {
    this.#path = path;
    this.#held = held;
    this.run = run;
    this.before = before;
    this.isNew = lines === undefined;
    const entries = (lines ?? []).filter((line): line is Entry => 'chunk' in line);
    this.#entries = new Map(entries.map((entry) => [entry.chunk, entry]));
    this.rejected = leftAt(lines?.at(-1));
  }

  /**
   * The journal of just this, or a new one, until it is closed.
   *
   * @throws {InputError} while another process has it open, or where it would write over orders
   * that were refused before: somebody may be correcting them
   */
  static async open(options: JournalOptions, figures: () => Promise<Figures>): Promise<Journal> {
    const held = lock(`${options.path}.lock`);
    try {
      return await Journal.#openHeld(options, figures, held);
    } catch (error) {
      held.release();
      throw error;
    }
  }

  static async #openHeld(
    { path, subject, beginsAnew, rejected }: JournalOptions,
    figures: () => Promise<Figures>,
    held: Lock,
  ): Promise<Journal> {
    const [head, ...entries] = beginsAnew ? [] : readLines(path);
    if (isHead(head) && JSON.stringify(head.subject) === JSON.stringify(subject)) {
      return new Journal(path, head, entries as (Entry | Begun)[], held);
    }
    refuseToLose(rejected);
    const begun = { run: randomUUID(), before: await figures(), subject };
    writeFileSync(path, `${JSON.stringify(begun)}\n`);
    return new Journal(path, begun, undefined, held);
  }

  has(chunk: number): boolean {
    return this.#entries.has(chunk);
  }

  /** What has been done. */
  get counts(): Counts {
    return [...this.#entries.values()]
      .map((entry) => ({ ...entry, cents: BigInt(entry.cents) }))
      .reduce(addCounts, NO_COUNTS);
  }

  /** Lets others open it. */
  close(): void {
    this.#held.release();
  }

  /** Before refused orders are added to their file. */
  begin({ kept, begun }: Left): void {
    const line = { ...keptOf(kept), begun_bytes: begun?.bytes, begun_digest: begun?.digest };
    appendWhole(this.#path, `${JSON.stringify(line)}\n`);
  }

  add(chunk: number, result: ChunkResult, rejected: Content): void {
    const counts = countsOf(result);
    const entry = { chunk, ...counts, cents: String(counts.cents), ...keptOf(rejected) };
    appendWhole(this.#path, `${JSON.stringify(entry)}\n`);
    this.#entries.set(chunk, entry);
  }
}

/** Most chunks have none refused: the digest of nothing is left out. */
const keptOf = ({ bytes, digest }: Content): Kept => ({
  rejected_bytes: bytes,
  ...(bytes > 0 && { rejected_digest: digest }),
});

function leftAt(line: Entry | Begun | undefined): Left {
  if (!line) return NOTHING_LEFT;
  const kept = { bytes: line.rejected_bytes, digest: line.rejected_digest };
  if ('chunk' in line) return { kept };
  return { kept, begun: { bytes: line.begun_bytes, digest: line.begun_digest } };
}

/** The lines that are whole, which the last one need not be; that is taken away. */
function readLines(path: string): unknown[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) writeFileSync(path, whole);
  try {
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return []; // a file of something else, or an older form
  }
}

const isHead = (line: unknown): line is Head =>
  typeof line === 'object' && line !== null && 'run' in line && 'subject' in line;
