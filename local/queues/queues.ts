import type { LocalQueue } from '../cloud-assembly/model.ts';

// Stands in for SQS where AWS itself sends: a queue keeps what Lambda has given up. It leaves out
// its API, receiving, deleting and how long messages are kept, and listens nowhere; who wants to
// know what waits reads `waiting` or the log.

/** The queues that there are, by their ARNs. */
export class Queues {
  readonly #messages: ReadonlyMap<string, string[]>;

  constructor(queues: readonly LocalQueue[]) {
    this.#messages = new Map(queues.map(({ arn }) => [arn, []]));
  }

  /** @throws when there is no such queue */
  send(arn: string, message: string): void {
    this.#of(arn).push(message);
  }

  /**
   * The messages of a queue, oldest first: as many as ApproximateNumberOfMessagesVisible counts.
   *
   * @throws when there is no such queue
   */
  waiting(arn: string): readonly string[] {
    return this.#of(arn);
  }

  #of(arn: string): string[] {
    const messages = this.#messages.get(arn);
    if (!messages) throw new Error(`There is no queue ${arn}.`);
    return messages;
  }
}
