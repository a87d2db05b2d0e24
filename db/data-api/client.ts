import { RDSData } from '@aws-sdk/client-rds-data';
import { writeLongParameters } from './long-parameters.ts';

/** What a client has sent so far. */
export interface DataApiUsage {
  readonly calls: number;
  readonly requestBytes: number;
}

/**
 * The Data API client of the functions. It never retries by itself: a call that fails inside a
 * transaction may have ended the transaction, so `retrying` repeats the whole unit of work instead.
 */
export class DataApiClient extends RDSData {
  #calls = 0;
  #requestBytes = 0;

  constructor() {
    super({ maxAttempts: 1, requestHandler: { connectionTimeout: 3_000 } });
    writeLongParameters(this);
    this.#countCalls();
    this.#ignoreFailedRollbacks();
  }

  get usage(): DataApiUsage {
    return { calls: this.#calls, requestBytes: this.#requestBytes };
  }

  #countCalls(): void {
    this.middlewareStack.add(
      (next) => (args) => {
        this.#calls += 1;
        this.#requestBytes += bodyBytes(args.request);
        return next(args);
      },
      { step: 'finalizeRequest', name: 'countCalls' },
    );
  }

  /**
   * A transaction that can no longer be rolled back has ended, or ends by itself after three idle
   * minutes. Kysely would throw the rollback's error in place of the one that says what went wrong.
   */
  #ignoreFailedRollbacks(): void {
    this.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== 'RollbackTransactionCommand') return next(args);
        return next(args).catch(() => ({ output: { $metadata: {} }, response: undefined }));
      },
      { step: 'initialize', name: 'ignoreFailedRollbacks' },
    );
  }
}

/** @param request of no type that the SDK tells: as it is when it has been written */
function bodyBytes(request: unknown): number {
  if (typeof request !== 'object' || request === null || !('body' in request)) return 0;
  const { body } = request;
  return typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : 0;
}
