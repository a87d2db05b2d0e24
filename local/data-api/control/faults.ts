import type { Clock } from '../../aws/clock.ts';
import { seededRandom } from '../../seeded-random.ts';
import { DataApiError } from '../errors.ts';
import { OPERATIONS, type Operation } from '../operations/names.ts';

/** What can go wrong. Latency comes before the call runs and adds to another fault. */
export type FaultKind =
  | { readonly kind: 'latency'; readonly delayMs: number; readonly upToMs?: number }
  | { readonly kind: 'throttling' }
  | { readonly kind: 'resuming'; readonly forMs: number }
  /** As from a cluster that took too long to wake: nothing has run. */
  | { readonly kind: 'statement-timeout' }
  | { readonly kind: 'status'; readonly status: 500 | 503 | 504 }
  /** The connection ends and nothing has run. */
  | { readonly kind: 'cut-before' }
  /** The connection ends and everything has run: the answer is lost. */
  | { readonly kind: 'cut-after' }
  /** The call runs on when its caller goes. So does one that another fault happens to. */
  | { readonly kind: 'detached' };

/** When: each call with a probability, or the next so many calls; always when neither is given. */
export type Fault = FaultKind & {
  /** @default all that the fault can happen to */
  readonly operations?: readonly Operation[];
  readonly probability?: number;
  readonly calls?: number;
};

/** What a fault does to one call. */
export interface FaultyCall {
  /**
   * Whether it runs on when its caller goes: who waits for what is late must be able to give up.
   */
  readonly isDetached: boolean;
  /** @throws {DataApiError} the error to answer; {@link CutConnection} */
  before(): Promise<void>;
  /** @throws {CutConnection} */
  after(): void;
}

/** The client shall see its connection end. */
export class CutConnection extends Error {
  override readonly name = 'CutConnection';
}

interface ActiveFault {
  readonly fault: Fault;
  callsLeft: number;
  readonly endsAt: number;
}

/** Faults on demand; none until asked for. With the same seed, the same calls fail again. */
export class Faults {
  readonly #clock: Clock;
  #active: ActiveFault[] = [];
  #random = seededRandom(1);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(fault: Fault): void {
    const endsAt = fault.kind === 'resuming' ? this.#clock.now() + fault.forMs : Infinity;
    this.#active.push({ fault, callsLeft: fault.calls ?? Infinity, endsAt });
  }

  /** @param seed a whole number */
  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  clear(): void {
    this.#active = [];
  }

  list(): readonly Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** Decides what happens to the next call. */
  next(operation: Operation): FaultyCall {
    this.#active = this.#active.filter(
      ({ callsLeft, endsAt }) => callsLeft > 0 && endsAt > this.#clock.now(),
    );
    const hits = this.#active.filter(({ fault }) => this.#hits(fault, operation));
    for (const hit of hits) hit.callsLeft--;
    const delayMs = hits.reduce((sum, { fault }) => sum + this.#delayOf(fault), 0);
    const failure = hits.map(({ fault }) => failureOf(fault)).find((error) => error !== undefined);
    const losesAnswer = hits.some(({ fault }) => fault.kind === 'cut-after');
    return {
      isDetached: hits.length > 0,
      before: async () => {
        if (delayMs > 0) await new Promise<void>((done) => this.#clock.after(delayMs, done));
        if (failure) throw failure;
      },
      after: () => {
        if (losesAnswer) throw new CutConnection();
      },
    };
  }

  #hits({ kind, operations, probability = 1 }: Fault, operation: Operation): boolean {
    const possible = operations ?? (kind === 'resuming' ? CAN_RESUME : OPERATIONS);
    return possible.includes(operation) && (probability >= 1 || this.#random() < probability);
  }

  #delayOf(fault: Fault): number {
    if (fault.kind !== 'latency') return 0;
    const { delayMs, upToMs = delayMs } = fault;
    return delayMs + this.#random() * (upToMs - delayMs);
  }
}

// A cluster with an open transaction does not pause.
const CAN_RESUME: readonly Operation[] = [
  'ExecuteStatement',
  'BatchExecuteStatement',
  'BeginTransaction',
];

const NAME_BY_STATUS = {
  500: 'InternalServerErrorException',
  503: 'ServiceUnavailableError',
  504: 'DatabaseUnavailableException',
} as const;

function failureOf(fault: Fault): Error | undefined {
  switch (fault.kind) {
    case 'throttling':
      return new DataApiError('ThrottlingException', 'Rate exceeded');
    case 'resuming':
      return new DataApiError('DatabaseResumingException', RESUMING);
    case 'statement-timeout':
      return new DataApiError('StatementTimeoutException', 'Request timed out', {
        dbConnectionId: 0,
      });
    case 'status':
      return new DataApiError(NAME_BY_STATUS[fault.status]);
    case 'cut-before':
      return new CutConnection();
    default:
      return undefined;
  }
}

const RESUMING =
  'The Aurora DB instance db-LOCAL is resuming after being auto-paused. Please wait a few seconds and try again.';
