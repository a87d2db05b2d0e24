/** What a pool tells the process that runs a function. Events and results travel as JSON text. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly event: string;
  /** The cloud's time, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly deadlineAt: number;
  readonly functionArn: string;
}

/**
 * What that process answers: once when the bundle is loaded,
 * then twice an invocation: begun, and done.
 */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun' }
  | ({ readonly kind: 'result'; readonly json: string } & ResourceUsage)
  | { readonly kind: 'error'; readonly error: FunctionError };

/** What a process has used since it began. */
export interface ResourceUsage {
  readonly maxRssBytes: number;
  /** Of all its threads, those that collect garbage included. */
  readonly cpuMs: number;
}

/** An error as Lambda describes it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
