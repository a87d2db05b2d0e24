import { existsSync } from 'node:fs';
import { NotFoundError } from '../errors.ts';
import type { Stats, WhoAmI } from '../stats.ts';
import { Transport } from '../transport.ts';
import type { Arguments } from './arguments.ts';
import { addCounts, type Counts, countsOf, NO_COUNTS, shownOrders, takenOrders } from './counts.ts';
import { amountOf, type FileOrder } from './file-order.ts';
import { isAsSent, type Sent } from './growth.ts';
import { InputError, ofFile } from './input-error.ts';
import { type Figures, Journal } from './journal.ts';
import { lookThrough } from './look-through.ts';
import { type OrderFile, openOrders } from './order-file.ts';
import { Pace } from './pace.ts';
import { ProgressLine, type ProgressOutput } from './progress.ts';
import { errorText, NOTHING_LEFT, RejectedFile, refuseToLose } from './rejected-file.ts';
import type { Target } from './target.ts';
import { readTwiceError } from './text-source.ts';
import { uploadFile } from './upload-file.ts';

export interface CommandIo {
  /** Told what goes on. */
  readonly output: ProgressOutput;
  readonly signal: AbortSignal;
}

/** What has come of it. */
export interface Report {
  readonly user: string;
  /** Nothing was to be stored, or nothing was since an order was refused: what would be done. */
  readonly isDryRun: boolean;
  /** Of earlier runs, too, but not what they refused whose file is gone. */
  readonly counts: Counts;
  /** How many of the orders that were taken earlier runs have sent. */
  readonly sentBefore: number;
  /** How many orders were refused before whose file is gone. */
  readonly refusedBefore: number;
  /** Where orders that were refused are. */
  readonly rejectedFiles: readonly string[];
  /** The service's, in the end; `undefined` where nothing was to be stored. */
  readonly figures: Figures | undefined;
  /** Whether they have grown by just what was sent; `undefined` where nobody can know. */
  readonly isAsExpected: boolean | undefined;
}

/** A database that is away comes back within the hour; an address that is wrong never does. */
const SENDING = { maxTries: 1_000, deadlineMs: 3_600_000 };
const ASKING = { maxTries: 5 };
const MAX_SHOWN = 20;

/** Uploads files of orders, one after the other. */
export class UploadCommand {
  readonly #args: Arguments;
  readonly #url: string;
  readonly #pace: Pace;
  readonly #sending: Transport;
  readonly #asking: Transport;
  readonly #io: CommandIo;
  readonly #rejectedFiles: string[] = [];
  /** By this run; `undefined` until a chunk is done. */
  #sent: Counts | undefined;
  /** Whether it went on with what an earlier run was stopped at. */
  #isGoneOn = false;
  /** By earlier runs, as journals say. */
  readonly #earlier: Sent[] = [];
  #refusedBefore = 0;
  #user = '';

  constructor(args: Arguments, target: Target, io: CommandIo) {
    this.#args = args;
    this.#url = target.url;
    this.#pace = new Pace(args.parallel);
    this.#sending = new Transport({ ...target, retry: SENDING, fetch: this.#pace.fetch });
    this.#asking = new Transport({ ...target, retry: ASKING });
    this.#io = io;
  }

  async run(): Promise<Report> {
    const { files: paths, form, checksFirst, isDryRun } = this.#args;
    this.#user = await this.#whose();
    const files: OrderFile[] = [];
    for (const path of paths) {
      const file = await ofFile(path, () => openOrders(path, form, this.#io.signal));
      if (checksFirst && file.source.file === undefined) throw readTwiceError(file.source.name);
      files.push(file);
      await ofFile(file.source.name, () => lookThrough(file, this.#user, this.#io));
    }
    if (checksFirst || isDryRun) {
      const checked = await inTurn(files, (file) => this.#check(file));
      if (isDryRun || checked.rejected > 0) return this.#report(checked);
    }
    let before: Figures | undefined;
    const counts = await inTurn(files, async (file) => {
      const journal = await this.#journal(file);
      try {
        before ??= journal?.isNew ? journal.before : await this.#figures();
        return await this.#upload(file, journal);
      } finally {
        journal?.close();
      }
    });
    return this.#report(counts, before);
  }

  /** The seller whose key it is. */
  async #whose(): Promise<string> {
    try {
      return (await this.#get<WhoAmI>('/api/whoami', 'scopes')).user;
    } catch (cause) {
      if (!(cause instanceof NotFoundError)) throw cause;
      throw new InputError(
        `There is no such service at ${this.#url}, which answers ${cause.message}: its address ends before /api.`,
        { cause },
      );
    }
  }

  /** Asks the service what it would do with the orders. */
  async #check(file: OrderFile): Promise<Counts> {
    let shown = 0;
    const show = (refused: readonly FileOrder[]) => {
      for (const { line, column, errors } of refused.slice(0, MAX_SHOWN - shown)) {
        this.#say(`${file.source.name}:${line}:${column}: ${errors.map(errorText).join('; ')}`);
        shown += 1;
      }
    };
    return this.#send(file, { isTrial: true, run: '', show });
  }

  async #journal({ source, formDigest, csv }: OrderFile): Promise<Journal | undefined> {
    const rejected = rejectedPath(source, csv);
    if (source.file === undefined) {
      refuseToLose(rejected);
      return undefined;
    }
    const subject = {
      url: this.#url,
      user: this.#user,
      formDigest,
      chunkBytes: this.#args.chunkBytes,
      sizeBytes: source.sizeBytes ?? 0,
      modifiedMs: source.modifiedMs ?? 0,
    };
    const { beginsAnew } = this.#args;
    const path = `${source.file}.journal`;
    return Journal.open({ path, subject, beginsAnew, rejected }, () => this.#figures());
  }

  async #upload(file: OrderFile, journal: Journal | undefined): Promise<Counts> {
    const path = rejectedPath(file.source, file.csv);
    const left = journal?.rejected ?? NOTHING_LEFT;
    const rejected = new RejectedFile(path, file, this.#args.form.encoding, left);
    const earlier = this.#earlierCounts(file, journal, path);
    const run = journal?.run ?? crypto.randomUUID();
    await file.source.assertUnchanged(); // since it was looked through
    const sent = await this.#send(file, { isTrial: false, run, journal, rejected });
    if (journal?.isNew === false && takenOrders(sent) + sent.rejected > 0) this.#isGoneOn = true;
    const counts = addCounts(earlier, sent);
    await file.source.assertUnchanged();
    if (counts.rejected > 0) this.#rejectedFiles.push(path);
    return counts;
  }

  /** What earlier runs have sent; what they refused is done with where its file is gone. */
  #earlierCounts(file: OrderFile, journal: Journal | undefined, rejected: string): Counts {
    if (!journal || journal.isNew) return NO_COUNTS;
    const { counts, before } = journal;
    this.#earlier.push({ before, counts });
    const done = takenOrders(counts) + counts.rejected;
    if (done > 0) this.#say(`${file.source.name}: goes on after ${shownOrders(done)}.`);
    if (existsSync(rejected)) return counts;
    this.#refusedBefore += counts.rejected;
    return { ...counts, rejected: 0 };
  }

  async #send(
    file: OrderFile,
    how: {
      readonly isTrial: boolean;
      readonly run: string;
      readonly journal?: Journal | undefined;
      readonly rejected?: RejectedFile;
      readonly show?: (refused: readonly FileOrder[]) => void;
    },
  ): Promise<Counts> {
    const { chunkBytes } = this.#args;
    const isInTurn = file.source.file === undefined; // nobody could go on with it
    const line = new ProgressLine(this.#io.output);
    let counts = NO_COUNTS;
    try {
      await uploadFile(file, {
        transport: this.#sending,
        user: this.#user,
        signal: this.#io.signal,
        chunkBytes,
        parallel: () => (isInTurn ? 1 : this.#pace.limit),
        isTrial: how.isTrial,
        run: how.run,
        journal: how.journal,
        rejected: how.rejected,
        show: (progress) => line.show(progress),
        done: (result) => {
          counts = addCounts(counts, countsOf(result));
          if (!how.isTrial) this.#sent = addCounts(this.#sent ?? NO_COUNTS, countsOf(result));
          line.end();
          how.show?.(result.refused);
        },
      });
    } catch (error) {
      const taken = takenOrders(counts);
      const isRead = isInTurn && !how.isTrial && taken > 0;
      if (isRead)
        this.#say(`Stored before this ended: ${shownOrders(taken)} of ${file.source.name}.`);
      throw error;
    } finally {
      line.end();
    }
    return counts;
  }

  /** @param before the figures when this run began; `undefined` where nothing was to be stored */
  async #report(counts: Counts, before?: Figures): Promise<Report> {
    const figures = before && (await this.#figures());
    const sent = before && this.#sent && { before, counts: this.#sent };
    return {
      user: this.#user,
      isDryRun: before === undefined,
      counts,
      sentBefore: this.#earlier.reduce((sum, one) => sum + takenOrders(one.counts), 0),
      refusedBefore: this.#refusedBefore,
      rejectedFiles: this.#rejectedFiles,
      figures,
      isAsExpected: figures && isAsSent(figures, sent, this.#earlier, this.#isGoneOn),
    };
  }

  /** None yet of a seller who has never sent anything. */
  async #figures(): Promise<Figures> {
    try {
      const { orders_count, total_revenue } = await this.#get<Stats>(
        '/api/orders/stats',
        'orders_count',
      );
      return { orders_count, total_revenue };
    } catch (error) {
      if (error instanceof NotFoundError) return { orders_count: 0, total_revenue: amountOf(0n) };
      throw error;
    }
  }

  /** @param has a field of the answer */
  #get<T>(path: string, has: string): Promise<T> {
    const answer = { user: this.#user || undefined, has: [has] };
    const query = new URLSearchParams(this.#user && { user: this.#user });
    return this.#asking.send<T>({ method: 'GET', path, query, answer }, this.#io.signal);
  }

  #say(line: string): void {
    this.#io.output.write(`${line}\n`);
  }
}

const rejectedPath = ({ file = 'stdin' }: OrderFile['source'], csv: OrderFile['csv']) =>
  `${file}.rejected.${csv ? 'csv' : 'ndjson'}`;

async function inTurn(
  files: readonly OrderFile[],
  count: (file: OrderFile) => Promise<Counts>,
): Promise<Counts> {
  let counts = NO_COUNTS;
  for (const file of files) {
    counts = addCounts(counts, await ofFile(file.source.name, () => count(file)));
  }
  return counts;
}
