import type { Clock } from '../aws/clock.ts';
import type { OnStatement } from '../data-api/operations/backend.ts';
import type { TextBodies } from '../gateway/body-encoding.ts';
import type { SentAnswer } from '../gateway/gateway.ts';
import type { OnInvocation } from '../lambda/lambda.ts';

export interface ServiceOptions {
  /** The folder that keeps the database between runs; only one process at a time may use it. */
  readonly dataDir: string;
  /** The API's port. @default a free one */
  readonly port?: number;
  /** A folder that `cdk synth` wrote. @default synthesized anew, into the data folder */
  readonly assembly?: string;
  /** Told what happens, and of every request, a line each. */
  readonly log?: (line: string) => void;
  /** Told every line that a function logs. @default what `log` is */
  readonly functionLog?: (line: string) => void;
  /** Told of every answer of the API as it is sent. */
  readonly onAnswer?: (answer: SentAnswer) => void;
  /** Told what came of every invocation of a function. */
  readonly onInvocation?: OnInvocation;
  /** Told of every statement that functions run in the database, and as whom. */
  readonly onStatement?: OnStatement;
  /** PostgreSQL settings beside ours, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether API Gateway's throttles hold. @default false */
  readonly throttled?: boolean;
  /** Which bodies API Gateway hands over as text. @default 'content-type' */
  readonly textBodies?: TextBodies;
  /** Whether schedules start their functions. @default false */
  readonly scheduled?: boolean;
  /** By whose time all parts live but PostgreSQL. @default the system's */
  readonly clock?: Clock;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}
