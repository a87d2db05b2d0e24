export type { Amount, DecimalObject } from './amounts.ts';
export {
  type CallOptions,
  type ChangeOptions,
  type ClientOptions,
  OrderAnalyticsClient,
  type UploadAllOptions,
  type UploadedPart,
} from './client.ts';
export { PROBLEM_CODES, type ProblemCode } from './codes.ts';
export {
  ConflictError,
  ConnectionError,
  ForbiddenError,
  IdempotencyKeyReusedError,
  InvalidRequestError,
  NotFoundError,
  type PartPlace,
  type ProblemEntry,
  ProblemError,
  ServerError,
  TooLargeError,
  TooManyRequestsError,
  UnauthorizedError,
  UnavailableError,
} from './errors.ts';
export type * from './orders.ts';
export type { Clock, RetryOptions } from './retries.ts';
export type * from './stats.ts';
export type * from './uploads.ts';
