import type { Context } from 'aws-lambda';
import { loadModule } from '../local/lambda/load-module.ts';

/** What a fresh process took, in milliseconds. */
export interface ColdStart {
  readonly importMs: number;
  /** From the event on; `undefined` where none was given. */
  readonly answerMs: number | undefined;
  readonly statusCode: unknown;
}

// Loads a function's bundle as Lambda's runtime does, gives it one event, and tells how long that
// took. Its arguments: the bundle's file, and the event as JSON where there is one.

const [, , file = '', event] = process.argv;
const send = process.send?.bind(process);
const context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 900_000,
} as Context;

const startedAt = performance.now();
const { handler } = (await loadModule(file.replace(/\.[cm]js$/, ''))) as {
  handler: (event: unknown, context: Context) => Promise<{ statusCode?: number } | undefined>;
};
const loadedAt = performance.now();
const answer = event === undefined ? undefined : await handler(JSON.parse(event), context);
const found: ColdStart = {
  importMs: loadedAt - startedAt,
  answerMs: event === undefined ? undefined : performance.now() - loadedAt,
  statusCode: answer?.statusCode,
};
send?.(found, () => process.exit());
