import type { ProblemStatus } from '../../shared/problem.ts';

/** What the page says of a status. Texts are CommonMark. */
export interface StatusText {
  readonly means: string;
  readonly fix: string;
  /** Of an example; none where a problem of this status always has a code. */
  readonly detail?: string;
}

/** What API Gateway alone answers. */
type GatewayStatus = 429 | 431;

export const STATUS_TEXTS: Readonly<Record<ProblemStatus | GatewayStatus, StatusText>> = {
  400: {
    means: 'The body or the query does not fit the rules. Nothing was done.',
    fix: 'Correct what `errors` names: each has a `code`, what to do and, where it has one, a `pointer` to its place. It is no use to send the same again. What concerns single orders need not hold up the others: leave those out and send the rest. An address that cannot be decoded is answered `{"message":"Bad Request"}` by API Gateway: encode it.',
  },
  401: {
    means: 'There is no key, it is none of this service, or it has expired or was revoked.',
    fix: 'Send the key as `Authorization: Bearer …`. `GET /api/whoami` tries one without doing anything. Who runs the service makes a new one. Without the header API Gateway answers `{"message":"Unauthorized"}` by itself.',
    detail: 'Send a key of this service as Authorization: Bearer oa_….',
  },
  403: {
    means:
      "The key is good, but not for this: it lacks the route's scope, or `user` is another seller.",
    fix: '`GET /api/whoami` says whose key it is and which scopes it has. Send its own seller as `user`, or ask for a key with the scope.',
    detail: "This key is another seller's than the user named.",
  },
  404: {
    means:
      'There is no such seller or no such upload. An address that is no route is answered `{"message":"Not Found"}` by API Gateway.',
    fix: 'Look at the address: paths have no slash at their end. A seller is there with the first key, until all of the seller is erased.',
    detail: 'There is no such upload.',
  },
  406: {
    means: 'The answer is more than 5.8 MB, and was not to be compressed.',
    fix: 'Send `Accept-Encoding: gzip`, as most clients do by themselves, or ask for less.',
    detail: 'This answer is too large to be sent uncompressed: send Accept-Encoding: gzip.',
  },
  409: {
    means: 'The request fits the rules and goes against what is stored. Nothing was done.',
    fix: 'Look at the `code`: each says what to do.',
  },
  413: {
    means:
      "The body is larger than a limit, which the answer names, unless it is API Gateway's own. See [Limits](#limits).",
    fix: 'Send the orders in several uploads of about 2 MB, or compress them with gzip.',
    detail:
      'A body may have 16777216 bytes (16 MiB) when it is decompressed. Send the orders in several uploads.',
  },
  415: {
    means: 'The body comes under a content type, charset or compression that is not taken.',
    fix: 'Send `Content-Type: application/json` in UTF-8; compressed with gzip, `Content-Type: application/octet-stream` with `Content-Encoding: gzip`.',
    detail:
      'Send the orders as application/json in UTF-8, or compressed with gzip as application/octet-stream.',
  },
  422: {
    means: 'The `Idempotency-Key` came with another request before. Nothing was done.',
    fix: 'See `idempotency_key_reused`.',
  },
  429: {
    means:
      'Too many requests at once, of all sellers together. API Gateway answers this by itself. See [Limits](#limits).',
    fix: 'Send the same again, at first after up to half a second by chance, then later each time; send fewer at once. See [How to retry](#how-to-retry).',
  },
  431: {
    means:
      'The request line and the headers have more than 10,240 bytes. API Gateway answers this by itself.',
    fix: 'Ask for fewer order numbers in one request.',
  },
  500: {
    means:
      'Something failed on our side, or the key could not be checked because the database was waking up.',
    fix: 'Send the same again: that is always right. See [How to retry](#how-to-retry). Where it goes on, tell us the `request_id`.',
    detail: 'Something failed on our side.',
  },
  503: {
    means: 'The database is busy or waking up. Nothing of this request is stored any more.',
    fix: 'Send the same again after as many seconds as `Retry-After` says. See [How to retry](#how-to-retry).',
    detail: 'The database is busy or waking up. Send the same request again.',
  },
};
