import { STATUS_CODES } from 'node:http';
import type { ProblemCode } from './problem-codes.ts';
import { problemType } from './problem-type.ts';

/** What a request that does not succeed is answered with. */
export const PROBLEM_STATUSES = [400, 401, 403, 404, 406, 409, 413, 415, 422, 500, 503] as const;

export type ProblemStatus = (typeof PROBLEM_STATUSES)[number];

export function isProblemStatus(status: number): status is ProblemStatus {
  return PROBLEM_STATUSES.some((one) => one === status);
}

/** One thing wrong with a request. */
export interface ProblemEntry {
  /** JSON pointer (RFC 6901) into the body, or `?name` for a query parameter. */
  readonly pointer?: string;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly order_number?: string;
  /** What was refused, cut to 100 characters: a string's text, or the JSON of anything else. */
  readonly value?: string;
}

export interface ProblemOptions {
  readonly detail: string;
  readonly errors?: readonly ProblemEntry[];
  /** How many errors there were, when `errors` holds only some of them. */
  readonly errorsCount?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An answer that is not a success, as problem details.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ProblemStatus;
  readonly options: ProblemOptions;

  constructor(status: ProblemStatus, options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.status = status;
    this.options = options;
  }

  toResponse(requestId: string) {
    const { detail, errors, errorsCount, headers } = this.options;
    return {
      statusCode: this.status,
      headers: { 'content-type': 'application/problem+json', ...headers },
      body: JSON.stringify({
        type: problemType(this.status, onlyCode(errors)),
        title: STATUS_CODES[this.status],
        status: this.status,
        detail,
        request_id: requestId,
        errors,
        errors_count: errorsCount,
      }),
    };
  }
}

/** The code that all errors have, if there is one. */
function onlyCode(errors: readonly ProblemEntry[] = []): ProblemCode | undefined {
  const [code, ...others] = new Set(errors.map((entry) => entry.code));
  return others.length === 0 ? code : undefined;
}
