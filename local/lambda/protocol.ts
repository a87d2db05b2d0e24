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
  | { readonly kind: 'result'; readonly json: string; readonly maxRssBytes: number }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** An error as Lambda describes it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
