import { OPERATIONS, type Operation } from '../operations/names.ts';

export interface OperationCounts {
  /** Requests that came in whole, refused ones and those of an injected fault among them. */
  readonly calls: number;
  /** Answers that say an error. */
  readonly errors: number;
  /** Of request bodies. */
  readonly bytesIn: number;
  /** Of answers' bodies that were sent. */
  readonly bytesOut: number;
}

/** Counts what passes, so that "one call per upload" is a number that a test reads. */
export class Counters {
  readonly #counts = new Map<Operation, OperationCounts>();

  add(operation: Operation, more: Partial<OperationCounts>): void {
    const before = this.#of(operation);
    this.#counts.set(operation, {
      calls: before.calls + (more.calls ?? 0),
      errors: before.errors + (more.errors ?? 0),
      bytesIn: before.bytesIn + (more.bytesIn ?? 0),
      bytesOut: before.bytesOut + (more.bytesOut ?? 0),
    });
  }

  /** What was counted since the start or the last reset. */
  read(): Record<Operation, OperationCounts> {
    const entries = OPERATIONS.map((operation) => [operation, this.#of(operation)] as const);
    return Object.fromEntries(entries) as Record<Operation, OperationCounts>;
  }

  reset(): void {
    this.#counts.clear();
  }

  #of(operation: Operation): OperationCounts {
    return this.#counts.get(operation) ?? { calls: 0, errors: 0, bytesIn: 0, bytesOut: 0 };
  }
}
